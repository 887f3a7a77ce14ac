import type { Flaw, Path } from './flaw.ts'
import { nearestName } from './nearest-name.ts'
import type { SoundEntitlement, SoundParts } from './sound-parts.ts'
import type { SoundList } from './sound-values.ts'

const GROUP = 'group:'
const PATH = 'path:'

/** References that name nobody. */
export function referenceFlaws(parts: SoundParts): readonly Flaw[] {
  return referenceLists(parts).flatMap(({ path, refs }) =>
    refs.flatMap((ref, index) => (ref === undefined ? [] : unknownName(parts, [...path, index], ref))),
  )
}

interface ReferenceList {
  readonly path: Path
  readonly refs: SoundList<string>
}

function referenceLists(parts: SoundParts): readonly ReferenceList[] {
  return [
    ...Object.entries(parts.groups).map(([name, refs]) => ({ path: ['groups', name], refs })),
    { path: ['admins'], refs: parts.admins },
    { path: ['auditors'], refs: parts.auditors },
    ...Object.entries(parts.entitlements).flatMap(([id, entitlement]) => listsOf(['entitlements', id], entitlement)),
  ]
}

function listsOf(own: Path, { rules, approval, automatic, breakGlass }: SoundEntitlement): readonly ReferenceList[] {
  return [
    ...rules.flatMap((rule, index) => [
      { path: [...own, 'rules', index, 'allow'], refs: rule?.allow ?? [] },
      { path: [...own, 'rules', index, 'deny'], refs: rule?.deny ?? [] },
    ]),
    ...approval.stages.flatMap(({ approvers, escalateTo = [] }, index) => [
      { path: [...own, 'approval', 'stages', index, 'approvers'], refs: approvers },
      { path: [...own, 'approval', 'stages', index, 'escalateTo'], refs: escalateTo },
    ]),
    ...automatic.map((rule, index) => ({ path: [...own, 'automatic', index, 'allow'], refs: rule?.allow ?? [] })),
    { path: [...own, 'breakGlass', 'allow'], refs: breakGlass?.allow ?? [] },
    { path: [...own, 'breakGlass', 'reviewers'], refs: breakGlass?.reviewers ?? [] },
  ]
}

function unknownName({ declared, people }: SoundParts, path: Path, ref: string): readonly Flaw[] {
  if (ref.startsWith(PATH)) return emptyPath(people, path, ref.slice(PATH.length))
  const isGroup = ref.startsWith(GROUP)
  const name = isGroup ? ref.slice(GROUP.length) : ref
  const [kind, known, others] = isGroup
    ? (['group', declared.groups, declared.people] as const)
    : (['person', declared.people, declared.groups] as const)
  if (known.includes(name)) return []

  const nearest = nearestName(name, known)
  const prefix = isGroup ? GROUP : ''
  const instead = known.length > 0 ? `, or use one of ${known.map(other => prefix + other).join(', ')}` : ''
  const fix = others.includes(name)
    ? `write ${isGroup ? name : `${GROUP}${name}`}`
    : nearest
      ? `did you mean ${prefix}${nearest}`
      : `add ${name} under ${isGroup ? 'groups' : 'people'}${instead}`
  return [{ path, on: 'value', message: `there is no ${kind} ${name}`, fix }]
}

function emptyPath(people: SoundParts['people'], path: Path, iamPath: string): readonly Flaw[] {
  const principals = Object.values(people)
    .flatMap(person => person?.principals ?? [])
    .map(principal => (typeof principal === 'string' ? principal : principal.role))
  if (principals.some(principal => principal.startsWith(`${iamPath}/`))) return []
  const paths = [...new Set(principals.map(principal => principal.slice(0, principal.lastIndexOf('/'))))]
  const nearest = nearestName(iamPath, paths)
  const fix = nearest ? `did you mean path:${nearest}` : `use a path of somebody's principals, or leave it out`
  return [
    {
      path,
      on: 'value',
      message: `nobody has an IAM ${iamPath.startsWith('role/') ? 'role' : 'user'} below ${iamPath}`,
      fix,
    },
  ]
}

/** Groups that hold themselves, each circle once and at the reference that closes it. */
export function cycleFlaws({ groups }: SoundParts): readonly Flaw[] {
  const flaws: Flaw[] = []
  const finished = new Set<string>()
  const open = (name: string, trail: readonly string[]): void => {
    if (finished.has(name) || !Object.hasOwn(groups, name)) return
    for (const [index, ref] of (groups[name] ?? []).entries()) {
      if (!ref?.startsWith(GROUP)) continue
      const inner = ref.slice(GROUP.length)
      const start = trail.indexOf(inner)
      if (start < 0) {
        open(inner, [...trail, inner])
        continue
      }
      const circle = [...trail.slice(start), inner].join(' → ')
      const message = `the group ${inner} holds itself: ${circle}`
      flaws.push({ path: ['groups', name, index], on: 'value', message, fix: `take ${ref} out of ${name}` })
    }
    finished.add(name)
  }
  for (const name of Object.keys(groups)) open(name, [name])
  return flaws
}
