import { type AccessFile, type Entitlement, peopleOf, type Risk, type Rule } from '../access-file.ts'
import { minutesOf } from './distribution.ts'
import { byText, memberOf, mergeMaps } from './grouped.ts'
import type { Lens } from './lens.ts'
import { outcomeOf } from './volume.ts'

/** One rule of one entitlement: who may ask for what, up to which limit, whom it takes, and whether anybody did. */
export interface InventoryRow {
  readonly entitlement: string
  readonly title: string
  readonly risk: Risk
  readonly rule: string
  readonly effect: Rule['effect']
  /** Person ids: whom an allowing rule lets in after every denying rule, or whom a denying rule keeps out. */
  readonly people: readonly string[]
  readonly stages: readonly { readonly name: string; readonly quorum: number; readonly approvers: readonly string[] }[]
  readonly maximumMinutes: number
  /** Requests of the period judged by this rule. */
  readonly asked: number
  readonly granted: number
}

/** A grant of the period whose entitlement or rule today's access file does not have. */
export interface FormerRow {
  readonly entitlement: string
  readonly rule: string
  readonly asked: number
  readonly granted: number
}

export interface InventoryResult {
  readonly inventory: { readonly rows: readonly InventoryRow[]; readonly former: readonly FormerRow[] }
}

interface Use {
  asked: number
  granted: number
}

/** By entitlement, then by rule. */
type State = Map<string, Map<string, Use>>

/** REV-02. Who may ask for what, who lets them, and was it used at all? */
export const inventory: Lens<State, InventoryResult> = {
  name: 'inventory',
  init: () => new Map(),
  add(state, { request }) {
    const use = memberOf(
      memberOf(state, request.entitlement, () => new Map<string, Use>()),
      request.rule,
      unused,
    )
    use.asked += 1
    if (outcomeOf(request) === 'granted') use.granted += 1
    return state
  },
  merge: (a, b) => mergeMaps(a, b, (x, y) => mergeMaps(x, y, sum)),
  finish: (state, { access }) => ({ inventory: { rows: rowsOf(access, state), former: formerOf(access, state) } }),
}

function rowsOf(access: AccessFile, state: State): readonly InventoryRow[] {
  return Object.values(access.entitlements)
    .toSorted((a, b) => byText(a.id, b.id))
    .flatMap(entitlement =>
      entitlement.rules
        .toSorted((a, b) => byText(a.name, b.name))
        .map(rule => ({
          entitlement: entitlement.id,
          title: entitlement.title,
          risk: entitlement.risk,
          rule: rule.name,
          effect: rule.effect,
          people: peopleUnder(access, entitlement, rule),
          stages: entitlement.stages.map(({ name, quorum, approvers }) => ({
            name,
            quorum,
            approvers: idsOf(access, approvers),
          })),
          maximumMinutes: minutesOf(Math.min(rule.maximumSeconds ?? Infinity, entitlement.duration.maximumSeconds)),
          ...(state.get(entitlement.id)?.get(rule.name) ?? unused()),
        })),
    )
}

function formerOf(access: AccessFile, state: State): readonly FormerRow[] {
  const isListed = (entitlement: string, rule: string): boolean =>
    Object.hasOwn(access.entitlements, entitlement) &&
    (access.entitlements[entitlement]?.rules.some(({ name }) => name === rule) ?? false)
  return [...state]
    .flatMap(([entitlement, rules]) =>
      [...rules].flatMap(([rule, use]) =>
        use.granted > 0 && !isListed(entitlement, rule) ? [{ entitlement, rule, ...use }] : [],
      ),
    )
    .sort((a, b) => byText(a.entitlement, b.entitlement) || byText(a.rule, b.rule))
}

function peopleUnder(access: AccessFile, { rules }: Entitlement, rule: Rule): readonly string[] {
  const named = idsOf(access, rule.members)
  if (rule.effect === 'deny') return named
  const kept = new Set(rules.flatMap(({ effect, members }) => (effect === 'deny' ? idsOf(access, members) : [])))
  return named.filter(id => !kept.has(id))
}

function idsOf(access: AccessFile, refs: Rule['members']): readonly string[] {
  return peopleOf(access, refs).map(({ id }) => id)
}

function unused(): Use {
  return { asked: 0, granted: 0 }
}

function sum(a: Use, b: Use): Use {
  a.asked += b.asked
  a.granted += b.granted
  return a
}
