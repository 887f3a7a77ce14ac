import { type AccessFile, own } from '../domain/access-file.ts'
import { grantedOf } from '../domain/activity/granted.ts'
import { policyInWords } from '../domain/policy-in-words.ts'
import type { Request } from '../domain/request.ts'
import { accountOf } from '../domain/resource-words.ts'

/** What the grant of a request allows, in words too; nothing where nobody can say any more. */
export function grantedView(access: AccessFile, request: Request) {
  const granted = grantedOf(access, request)
  if (!granted) return {}
  const { statements, isAsToday } = granted
  const allows = isAsToday ? own(access.entitlements, request.entitlement)?.allows : undefined
  return { allows: policyInWords(allows, statements, accountOf(request.principal)), statements }
}
