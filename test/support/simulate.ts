import { runSimulation } from '@cloud-copilot/iam-simulate'

export type Verdict = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied'

export interface Question {
  readonly principal: string
  readonly action: string
  readonly resource: string
  /** The one policy attached to the principal. Unknown, so that what is read back from IAM or a template can be asked too. */
  readonly document: unknown
  readonly context?: Readonly<Record<string, string | string[]>>
}

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

/**
 * What IAM would say, by policy simulation: the document alone, under an organisation that allows everything.
 *
 * @throws Error when the simulator refuses the question or ignores part of its context: a typing error must never read as "denied",
 *   which would be a false proof of safety.
 */
export async function verdictOf({ principal, action, resource, document, context = {} }: Question): Promise<Verdict> {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: principal.split(':')[4] ?? '' },
        contextVariables: { ...context },
      },
      identityPolicies: [{ name: 'document', policy: document }],
      serviceControlPolicies: [{ orgIdentifier: 'r-root', policies: [{ name: 'FullAWSAccess', policy: EVERYTHING }] }],
      resourceControlPolicies: [],
    },
    {},
  )
  if (answer.resultType === 'error') {
    throw new Error(`the simulator refuses ${action} on ${resource}: ${JSON.stringify(answer.errors)}`)
  }
  const results = answer.resultType === 'single' ? [answer.result] : answer.results
  const ignored = results.flatMap(result => result.ignoredContextKeys ?? [])
  if (ignored.length > 0) throw new Error(`the simulator ignores ${ignored.join(', ')} for ${action}`)
  return answer.overallResult
}
