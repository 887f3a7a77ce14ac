import { type AccessFile, own } from '../domain/access-file.ts'
import { grantedStatements } from '../domain/activity/granted.ts'
import { policyInWords } from '../domain/policy-in-words.ts'
import type { Request } from '../domain/request.ts'
import { accountOf } from '../domain/resource-words.ts'

/** What the grant of a request allows, in words too; nothing where today's access file gives another policy than was approved. */
export function grantedView(access: AccessFile, request: Request) {
  const statements = grantedStatements(access, request)
  if (!statements) return {}
  const { allows } = own(access.entitlements, request.entitlement) ?? {}
  return { allows: policyInWords(allows, statements, accountOf(request.principal)), statements }
}
