import { attachPolicy } from '../../lambdas/application/attach-policy.ts'
import { endGrant } from '../../lambdas/application/end-grant.ts'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import { adaptersOn, faultAccess, handsAt } from './fault-house.ts'
import { KILLED, STEPS } from './killed-step-order.ts'

/**
 * One step of the workflow in a process of its own, which ends like a function that is killed: at the call it is told, before that
 * call is sent or after it was answered. Prints how many calls it made when nothing kills it.
 *
 *   node killed-step.ts ENDPOINT PEOPLE STEP REQUEST NOW CALL before|after
 */
const [endpoint = '', people = '', step = '', requestId = '', now = '', at = '', moment = ''] = process.argv.slice(2)

const hands = handsAt(endpoint)
let calls = 0
const around = async <Answer>(send: () => Promise<Answer>): Promise<Answer> => {
  calls += 1
  const isLast = calls === Number(at)
  if (isLast && moment === 'before') process.exit(KILLED)
  try {
    return await send()
  } finally {
    if (isLast) process.exit(KILLED)
  }
}
const options = { step: 'initialize', name: 'killer' } as const
hands.iam.middlewareStack.add(next => args => around(() => next(args)), options)
hands.dynamo.middlewareStack.add(next => args => around(() => next(args)), options)

const { author, binder, remover, ...adapters } = adaptersOn(hands)
const deps = {
  ...adapters,
  access: faultAccess(Number(people)),
  announcer: { announce: async () => {} },
  clock: { now: () => new Date(now) },
}
if (step === STEPS[0]) await issuePolicy({ ...deps, policies: author }, requestId)
else if (step === STEPS[1]) await attachPolicy({ ...deps, policies: binder }, requestId)
else await endGrant({ ...deps, policies: remover }, requestId, { by: { service: 'revoker' }, isRetry: false })
process.stdout.write(String(calls))
