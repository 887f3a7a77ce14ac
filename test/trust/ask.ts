import { runSimulation } from '@cloud-copilot/iam-simulate'
import { ACCOUNT } from '../support/concrete.ts'
import type { Policy } from '../support/template-policies.ts'

export interface Question {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly policies: Readonly<Record<string, Policy>>
  readonly boundary?: unknown
  readonly context?: Readonly<Record<string, string | string[]>>
}

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const NOW = '2027-03-01T10:00:00Z'

/** Whether IAM would allow it, by simulation. What the simulator refuses throws: a typing error must never read as "denied". */
export async function isAllowed(question: Question): Promise<boolean> {
  const answer = await runSimulation(simulationOf(question), {})
  if (answer.resultType === 'error') throw refusal(question, answer.errors)
  return answer.overallResult === 'Allowed'
}

/**
 * Whether there is any resource and any context in which IAM would allow it. A missing context key reads as a denial in the
 * simulator's strict mode; here conditions are taken as met.
 */
export async function isAllowedSomewhere(question: Omit<Question, 'resource' | 'context'>): Promise<boolean> {
  const answer = await runSimulation(simulationOf({ ...question, resource: '*' }), { simulationMode: 'Discovery' })
  if (answer.resultType === 'error') throw refusal({ ...question, resource: '*' }, answer.errors)
  return answer.overallResult === 'Allowed'
}

function simulationOf({ principal, action, resource, policies, boundary, context = {} }: Question) {
  return {
    request: {
      principal,
      action,
      resource: { resource, accountId: resource.startsWith('arn:aws:iam::aws:') ? 'aws' : ACCOUNT },
      contextVariables: { 'aws:CurrentTime': NOW, ...context },
    },
    identityPolicies: Object.entries(policies).map(([name, policy]) => ({ name, policy: withoutEmpty(policy) })),
    serviceControlPolicies: [{ orgIdentifier: 'r-root', policies: [{ name: 'FullAWSAccess', policy: EVERYTHING }] }],
    resourceControlPolicies: [],
    ...(boundary ? { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] } : {}),
  }
}

function withoutEmpty({ Version, Statement }: Policy): unknown {
  return { Version, Statement: Statement.map(statement => JSON.parse(JSON.stringify(statement))) }
}

function refusal({ action, resource }: Question, errors: unknown): Error {
  return new Error(`the simulator refuses ${action} on ${resource}: ${JSON.stringify(errors)}`)
}
