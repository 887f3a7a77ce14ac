import escalation from './escalation-paths.json' with { type: 'json' }
import { CHAINING, OUTLIVING } from './outliving-actions.ts'
import managing from './permission-management.json' with { type: 'json' }

/** A way in which an entitlement gives more than its window: more rights, or rights beyond its end. */
export interface Risk {
  /** What an acknowledgement names: the id of an escalation path (`lambda-003`) or an action (`s3:PutBucketPolicy`). */
  readonly id: string
  /** A clause: what is risked. */
  readonly why: string
  /** The first place that opens it. */
  readonly at: { readonly statement: number; readonly action: number; readonly pattern: string }
}

interface Statement {
  readonly actions: readonly string[]
  /** Actions that are left out of them. */
  readonly exceptActions?: readonly string[] | undefined
}

/**
 * The risks of an entitlement, each once: escalation paths whose every action it allows, role chaining, permissions management, and
 * what outlives the grant. Resources and conditions are not weighed: how far they tame a risk is for a person to say, in the
 * acknowledgement. A statement that could not be read is undefined.
 */
export function risksOf(statements: readonly (Statement | undefined)[]): readonly Risk[] {
  const paths = openPaths(statements)
  const inPaths = new Set(paths.flatMap(({ requires }) => requires))
  const onItsOwn = Object.entries(RISKY_ACTIONS)
    .filter(([action]) => !inPaths.has(action))
    .flatMap(([action, why]) => riskAt(statements, action, action, why))
  return [...paths.flatMap(({ id, requires: [first = ''], why }) => riskAt(statements, first, id, why)), ...onItsOwn]
}

/** Every name an acknowledgement may have. */
export function knownRisks(): readonly string[] {
  return [...escalation.paths.map(({ id }) => id), ...Object.keys(RISKY_ACTIONS)]
}

/** Actions that give more than their window, each on its own, with a clause that says how. */
export const RISKY_ACTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(managing.actions).flatMap(([service, names]) =>
      names.map(name => [`${service}:${name}`, 'changes who may do what, and the change stays when the grant is over']),
    ),
  ),
  ...OUTLIVING,
  ...CHAINING,
}

/** A way to more rights: the actions it takes, and what it does, a clause. */
export interface Escalation {
  readonly id: string
  readonly requires: readonly string[]
  readonly reaches: string
}

/** The escalation paths whose every action the statements allow. */
export function escalationsOf(statements: readonly Statement[]): readonly Escalation[] {
  return openPaths(statements).map(({ id, requires, category }) => ({ id, requires, reaches: reachesOf(category) }))
}

const CATEGORIES: Readonly<Record<string, string>> = {
  'self-escalation': 'lets the person give themselves more rights',
  'principal-access': 'lets the person become somebody else',
  'new-passrole': 'lets the person start something with the rights of another role',
  'existing-passrole': 'lets the person act with the rights of a role that something has',
}

/** Paths of which every action is allowed. One that only adds steps to another open path is left out: it opens nothing more. */
function openPaths(statements: readonly (Statement | undefined)[]) {
  const open = escalation.paths.filter(({ requires }) => requires.every(action => placeOf(statements, action)))
  const isLonger = (path: (typeof open)[number]): boolean =>
    open.some(
      ({ requires }) => requires.length < path.requires.length && requires.every(a => path.requires.includes(a)),
    )
  return open.filter(path => !isLonger(path)).map(path => ({ ...path, why: whyOf(path) }))
}

function whyOf({ category, requires }: (typeof escalation.paths)[number]): string {
  const [only = '', ...more] = requires
  const lasting = more.length === 0 ? { ...OUTLIVING, ...CHAINING }[only] : undefined
  return `${reachesOf(category)} (${requires.join(' + ')})${lasting ? ` and ${lasting}` : ''}`
}

function reachesOf(category: string): string {
  return CATEGORIES[category] ?? 'lets the person reach further'
}

function riskAt(
  statements: readonly (Statement | undefined)[],
  action: string,
  id: string,
  why: string,
): readonly Risk[] {
  const at = placeOf(statements, action)
  return at ? [{ id, why, at }] : []
}

function placeOf(statements: readonly (Statement | undefined)[], action: string): Risk['at'] | undefined {
  for (const [statement, each] of statements.entries()) {
    const { actions = [], exceptActions = [] } = each ?? {}
    if (exceptActions.some(pattern => covers(pattern, action))) continue
    const index = actions.findIndex(pattern => covers(pattern, action))
    const pattern = actions[index]
    if (pattern !== undefined) return { statement, action: index, pattern }
  }
  return undefined
}

/** Whether `s3:Put*` covers `s3:PutBucketPolicy`; `?` is one letter and, as in IAM, case does not count. */
export function covers(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(action)
}
