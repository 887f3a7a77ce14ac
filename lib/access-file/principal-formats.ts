import * as z from 'zod'
import { text } from './formats.ts'

const PRINCIPAL = /^user\/(?:[\x21-\x2e\x30-\x7e]+\/)*[\w+=,.@-]{1,64}$/
const $user = text(
  value => {
    if (/(?:^|:)role\//.test(value)) {
      const path = value.startsWith('arn:') ? pathOf(value) : value
      const fix = `say which session of it is this person: { role: ${path}, session: alice }`
      return { message: `${value} is a role, and a role is many people`, fix }
    }
    if (value.startsWith('arn:'))
      return { message: 'a principal is written without its account', fix: `write ${pathOf(value)}` }
    if (PRINCIPAL.test(value)) return undefined
    return { message: `${value} is no IAM user`, fix: 'write user/, its path and its name: user/people/alice' }
  },
  { description: 'an IAM user', pattern: '^user/', examples: ['user/people/alice'] },
)

const ROLE = /^role\/(?:[\x21-\x2e\x30-\x7e]+\/)*[\w+=,.@-]{1,64}$/

const $role = text(
  value => {
    if (value.startsWith('arn:'))
      return { message: 'a role is written without its account', fix: `write ${pathOf(value)}` }
    if (!ROLE.test(value))
      return { message: `${value} is no IAM role`, fix: 'write role/, its path and its name: role/people/developer' }
    const fix = 'name a role of your own'
    if (value.startsWith('role/aws-reserved/'))
      return { message: `${value} belongs to IAM Identity Center, and IAM lets nobody attach policies to it`, fix }
    if (value.startsWith('role/aws-service-role/'))
      return { message: `${value} belongs to an AWS service, and IAM lets nobody attach policies to it`, fix }
    if (value.startsWith('role/lapse/') || value.startsWith('role/cdk-'))
      return { message: `${value} belongs to Lapse or to its deployment, which no grant may reach`, fix }
    return undefined
  },
  { description: 'an IAM role', pattern: '^role/', examples: ['role/people/developer'] },
)

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: RoleSessionName and SourceIdentity. */
const SESSION = /^[\w+=,.@-]{2,64}$/

const $sessionName = text(
  value => {
    if (SESSION.test(value)) return undefined
    return { message: `${value} is no session name`, fix: 'use 2 to 64 letters, digits and _+=,.@- as STS does' }
  },
  { pattern: '^[\\w+=,.@-]{2,64}$', examples: ['alice'] },
)

export const $roleSession = z
  .strictObject({
    role: $role.describe('the role, by path'),
    session: $sessionName.describe('the name of the session that is this person, exact'),
    sourceIdentity: $sessionName.optional().describe('the source identity of the session, if the role pins that'),
  })
  .describe('one session of an IAM role')

export const $principal = z.union([$user, $roleSession]).describe('an IAM user, or one session of an IAM role')

function pathOf(arn: string): string {
  return arn.split(':').slice(5).join(':') || 'user/people/alice'
}
