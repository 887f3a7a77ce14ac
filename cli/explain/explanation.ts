import { type AccessFile, type Entitlement, own, peopleOf } from '../../lambdas/domain/access-file.ts'
import { toShortDuration } from '../../lambdas/domain/duration.ts'
import { type Ask, type Evaluation, evaluate } from '../../lambdas/domain/evaluate.ts'
import type { Past } from '../../lambdas/domain/past.ts'
import type { AskedStage } from '../../lambdas/domain/request.ts'
import { wayTo } from './membership.ts'

/** Why the access file answers a person's ask as it does. The answer itself is the one evaluator's; nothing is judged here. */
export interface Explanation {
  readonly evaluation: Evaluation
  /** Every rule of the entitlement, with how it names the person; without a way it does not. */
  readonly rules: readonly ExplainedRule[]
  readonly stages: readonly ExplainedStage[]
  /** Parameters that were not given, filled with the entitlement's examples. */
  readonly examples: Readonly<Record<string, string>>
}

export interface ExplainedRule {
  readonly rule: string
  readonly effect: 'allow' | 'deny'
  readonly limit: string
  readonly way?: readonly string[]
  /** Whether it is the one that lets the person in, or the one that refuses. */
  readonly decides: boolean
}

export interface ExplainedStage {
  readonly stage: string
  readonly quorum: number
  readonly can: readonly ExplainedPerson[]
  /** Who is named and may not, or is asked only later. */
  readonly cannot: readonly ExplainedPerson[]
}

export interface ExplainedPerson {
  readonly person: string
  readonly because: string
}

/** A file does not say what a person has had: caps and automatic rules are judged as if it were nothing. */
const NOTHING_YET: Past = { uses: [] }

export function explain(access: AccessFile, person: string, ask: Ask, now: Date): Explanation {
  const entitlement = own(access.entitlements, ask.entitlement)
  const examples = entitlement ? missingParameters(entitlement, ask) : {}
  const whole = { ...ask, parameters: { ...examples, ...ask.parameters } }
  const evaluation = evaluate(access, person, whole, now, NOTHING_YET)
  const asked = evaluation.outcome === 'allowed' ? evaluation.stages : []
  return {
    evaluation,
    examples,
    rules: entitlement ? rulesOf(access, entitlement, person, evaluation.rule) : [],
    stages: asked.map(stage => explainedStage(access, entitlement, stage, person)),
  }
}

function missingParameters({ parameters }: Entitlement, ask: Ask): Readonly<Record<string, string>> {
  const missing = Object.entries(parameters).filter(([name]) => !Object.hasOwn(ask.parameters, name))
  return Object.fromEntries(missing.map(([name, { example }]) => [name, example]))
}

function rulesOf(access: AccessFile, entitlement: Entitlement, person: string, deciding: string) {
  return entitlement.rules.map(({ name, effect, members, maximumSeconds }): ExplainedRule => {
    const way = wayTo(access, members, person)
    const limit = toShortDuration(Math.min(maximumSeconds ?? Infinity, entitlement.duration.maximumSeconds))
    return { rule: name, effect, limit, ...(way && { way }), decides: name === deciding }
  })
}

function explainedStage(
  access: AccessFile,
  entitlement: Entitlement | undefined,
  { name, quorum, approvers, escalateTo = [] }: AskedStage,
  requester: string,
): ExplainedStage {
  const named = entitlement?.stages.find(stage => stage.name === name)?.approvers ?? []
  const can = approvers.map(person => ({ person, because: waySaid(wayTo(access, named, person)) }))
  const away = peopleOf(access, named).filter(({ id }) => id !== requester && !approvers.includes(id))
  return {
    stage: name,
    quorum,
    can,
    cannot: [
      ...(wayTo(access, named, requester) ? [{ person: requester, because: ownRequest(access, requester) }] : []),
      ...away.map(({ id }) => ({ person: id, because: 'is away; somebody stands in' })),
      ...escalateTo
        .filter(id => !approvers.includes(id))
        .map(person => ({ person, because: 'is asked only if the stage escalates' })),
    ],
  }
}

/** People are compared by person, not by IAM user: who has two of them is still one. */
function ownRequest({ people }: AccessFile, requester: string): string {
  const { principals = [] } = own(people, requester) ?? {}
  const same = principals.length > 1 ? ` (${principals.join(' and ')} are the same person)` : ''
  return `it is their own request${same}`
}

/** A way in words. An approver whom no reference names stands in for somebody who is away. */
function waySaid(way: readonly string[] | undefined): string {
  if (!way) return 'stands in for somebody who is away'
  return way.length === 0 ? 'named directly' : `by ${way.join(' → ')}`
}
