import { IAMClient } from '@aws-sdk/client-iam'
import { access } from '#access'
import { dynamoClient } from '../../adapters/dynamo-client.ts'
import { IamPrincipals } from '../../adapters/iam-principals.ts'
import { removing } from '../../adapters/removing.ts'
import { apiHandler } from '../../runtime/api.ts'
import { readEnv } from '../../runtime/env.ts'
import { createLogger } from '../../runtime/logger.ts'
import { $Env } from './env.ts'
import { createHandler } from './handler.ts'

const iam = new IAMClient({})
const deps = { ...removing(access, dynamoClient(), readEnv($Env), iam), principals: new IamPrincipals(iam) }

export const handler = apiHandler(createHandler(deps), createLogger('end-request'))
