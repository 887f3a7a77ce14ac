import { type AccessFile, own, peopleAt } from '../../lambdas/domain/access-file.ts'
import type { MemberRef } from '../../lambdas/domain/member-ref.ts'

const GROUP = 'group:'
const PATH = 'path:'

/**
 * How references name a person: the way through groups, `['group:everyone', 'group:engineers']`, the IAM path, or an empty way when
 * they are named themselves. The shortest way of all; undefined when no reference names them.
 */
export function wayTo(access: AccessFile, refs: readonly MemberRef[], personId: string): readonly string[] | undefined {
  const seen = new Set<string>()
  let ways: readonly { readonly refs: readonly MemberRef[]; readonly way: readonly string[] }[] = [{ refs, way: [] }]
  while (ways.length > 0) {
    for (const { refs: members, way } of ways) {
      if (members.includes(personId)) return way
      const path = members.find(ref => ref.startsWith(PATH) && isAt(access, ref, personId))
      if (path !== undefined) return [...way, path]
    }
    ways = ways.flatMap(({ refs: members, way }) =>
      members.flatMap(ref => {
        if (!ref.startsWith(GROUP) || seen.has(ref)) return []
        seen.add(ref)
        return [{ refs: own(access.groups, ref.slice(GROUP.length)) ?? [], way: [...way, ref] }]
      }),
    )
  }
  return undefined
}

function isAt(access: AccessFile, ref: MemberRef, personId: string): boolean {
  return peopleAt(access, ref.slice(PATH.length)).some(({ id }) => id === personId)
}
