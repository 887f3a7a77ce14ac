import { askApprovers } from '../../lambdas/application/ask-approvers.ts'
import { attachPolicy } from '../../lambdas/application/attach-policy.ts'
import { cancelRequest } from '../../lambdas/application/cancel-request.ts'
import { climbLadder } from '../../lambdas/application/climb-ladder.ts'
import { type Answer, type Answered, decideByLink, openLink } from '../../lambdas/application/decide-by-link.ts'
import { decideSigned, type SignedAnswer } from '../../lambdas/application/decide-signed.ts'
import { endEarly } from '../../lambdas/application/end-early.ts'
import { endGrant } from '../../lambdas/application/end-grant.ts'
import { freezeAccess } from '../../lambdas/application/freeze-access.ts'
import { issuePolicy } from '../../lambdas/application/issue-policy.ts'
import { judgedForDecision } from '../../lambdas/application/record-decision.ts'
import { type AccessAsk, type RequestOutcome, requestAccess } from '../../lambdas/application/request-access.ts'
import { sweep } from '../../lambdas/application/sweep.ts'
import { type Climbed, CONTRACT } from '../../lambdas/contract/workflow.ts'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { digest, sha256 } from '../../lambdas/domain/digest.ts'
import type { Ask } from '../../lambdas/domain/evaluate.ts'
import { wholeSeconds } from '../../lambdas/domain/instant.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import type { Grant, Request } from '../../lambdas/domain/request.ts'
import { shownHash } from '../../lambdas/domain/shown.ts'
import { anAccessFile, anEntitlement, CAST, userPath } from './an-access-file.ts'
import { Faults } from './faults.ts'
import { GivenIds } from './given-ids.ts'
import { InMemoryBooks } from './in-memory-books.ts'
import { InMemoryFindingStore } from './in-memory-finding-store.ts'
import { InMemoryFreezeStore } from './in-memory-freeze-store.ts'
import { InMemoryIam } from './in-memory-iam.ts'
import { InMemoryLeaseStore } from './in-memory-lease-store.ts'
import { InMemoryLinkStore } from './in-memory-link-store.ts'
import { InMemoryRequestStore } from './in-memory-request-store.ts'
import { InMemoryTaskTokens } from './in-memory-task-tokens.ts'
import { RecordedAnnouncer } from './recorded-announcer.ts'
import { RecordedMetrics } from './recorded-metrics.ts'
import { RecordedWorkflow } from './recorded-workflow.ts'
import { SteppedClock } from './stepped-clock.ts'

type AskOverrides = Partial<Omit<AccessAsk, 'ask'>> & { readonly ask?: Partial<Ask> }

/** Two hours of the logs for Alice when Bob types the code of his mail. */
export function worldAccess(): AccessFile {
  return anAccessFile({ entitlements: [anEntitlement({ codeRequired: true })] })
}

export function arnOf(person: string): string {
  return `arn:aws:iam::111122223333:${userPath(person)}`
}

/** All use cases wired on fakes that share one clock, one IAM and one list of calls that can be told to fail. */
export type World = ReturnType<typeof aWorld>

export function aWorld({ access = worldAccess() }: { access?: AccessFile } = {}) {
  const faults = new Faults()
  const links = new InMemoryLinkStore(faults)
  const store = new InMemoryRequestStore(faults, links)
  const iam = new InMemoryIam(faults)
  const deps = {
    access,
    accessHash: digest('the access file'),
    store,
    links,
    taskTokens: new InMemoryTaskTokens(faults),
    workflow: new RecordedWorkflow(faults),
    announcer: new RecordedAnnouncer(faults),
    policies: iam,
    inventory: iam,
    leases: new InMemoryLeaseStore(faults),
    quotas: iam,
    principals: iam,
    boundaries: [] as string[],
    attachmentsPerUser: 10,
    open: store,
    books: new InMemoryBooks(store, faults),
    freezes: new InMemoryFreezeStore(faults),
    findings: new InMemoryFindingStore(faults),
    metrics: new RecordedMetrics(faults),
    clock: new SteppedClock(),
    ids: new GivenIds(),
    publicUrl: 'https://lapse.example.com',
  }
  for (const person of CAST) iam.addUser(arnOf(person))

  const world = {
    ...deps,
    deps,
    faults,
    iam,
    ask: (overrides: AskOverrides = {}): Promise<RequestOutcome> => requestAccess(deps, anAsk(iam, overrides)),
    /** A request that is let in, whose execution has not begun to wait. */
    async started(overrides: AskOverrides = {}): Promise<Request> {
      const outcome = await world.ask(overrides)
      if (outcome.outcome !== 'accepted') throw new Error(`the ask is ${outcome.outcome}`)
      return outcome.request
    },
    /** A request that is let in, with its execution waiting and its approvers asked. */
    async asked(overrides: AskOverrides = {}): Promise<Request> {
      const request = await world.started(overrides)
      await world.askApprovers(request.id)
      return request
    },
    async askApprovers(requestId: string, rung = 0, begins?: Climbed['ask']['begins']) {
      const taskToken = deps.workflow.wait()
      const ask = { rung, timeoutSeconds: 1800, begins }
      return { taskToken, ...(await askApprovers(deps, { requestId, taskToken, ask })) }
    },
    climb: (requestId: string, rung = 0): Promise<Climbed> =>
      climbLadder(deps, { requestId, contract: CONTRACT, ask: { rung, timeoutSeconds: 1 } }),
    /** What the state machine does after a wait that ran out or a stage that was passed. */
    async goOn(requestId: string, rung = 0) {
      const climbed = await world.climb(requestId, rung)
      if (climbed.outcome === 'waiting') await world.askApprovers(requestId, climbed.ask.rung, climbed.ask.begins)
      return climbed
    },
    cancel: (requestId: string) => cancelRequest(deps, requestId, 'alice'),
    /** The latest link mailed to an approver, and the code of the same mail. */
    mailTo(approver: string) {
      const mail = deps.announcer.of('approval-asked').findLast(({ to }) => to.id === approver)
      if (!mail) throw new Error(`no mail to ${approver}`)
      const token = mail.url.slice(mail.url.lastIndexOf('/') + 1)
      return { token, tokenHash: sha256(token), code: mail.code ?? '' }
    },
    open: (token: string) => openLink(deps, token),
    /** Opens the link and answers what it shows. */
    async answer(token: string, answer: Partial<Answer> & Pick<Answer, 'code'>): Promise<Answered> {
      const opened = await openLink(deps, token)
      if (opened.outcome !== 'open') return { outcome: 'dead' }
      return decideByLink(deps, opened, { decision: 'approve', seen: opened.seen, ...answer })
    },
    decide: (approver: string, answer: Partial<Answer> = {}): Promise<Answered> => {
      const { token, code } = world.mailTo(approver)
      return world.answer(token, { code, ...answer })
    },
    /** An answer signed with the approver's own credentials, to what the access file shows of the request. */
    async sign(requestId: string, approver: string, answer: Partial<SignedAnswer> = {}) {
      const request = await world.request(requestId)
      const seen = shownHash(request, judgedForDecision(deps, request).statements)
      return decideSigned(deps, request, approver, { decision: 'approve', seen, ...answer })
    },
    /** A request that Bob approved a quarter of an hour after the ask. */
    async approved(overrides: AskOverrides = {}): Promise<Request & { readonly grant: Grant }> {
      const { id } = await world.asked(overrides)
      deps.clock.step(900)
      const answered = await world.decide('bob')
      if (answered.outcome !== 'decided') throw new Error(`Bob's answer is ${answered.outcome}`)
      return world.granted(id)
    },
    /** The stored request, which must have a grant. */
    async granted(requestId: string): Promise<Request & { readonly grant: Grant }> {
      const request = await world.request(requestId)
      if (!request.grant) throw new Error(`request ${requestId} is ${request.status} and has no grant`)
      return { ...request, grant: request.grant }
    },
    issue: (requestId: string) => issuePolicy(deps, requestId),
    attach: (requestId: string) => attachPolicy(deps, requestId),
    /** A first attempt, or one after others of the same state. */
    end: (requestId: string, isRetry = false) => endGrant(deps, requestId, { by: { service: 'revoker' }, isRetry }),
    /** The requester gives it back, or Adam takes it away. */
    async endEarly(requestId: string, cause: 'returned' | 'revoked' = 'revoked') {
      const by = cause === 'returned' ? 'alice' : 'adam'
      return endEarly(deps, await world.request(requestId), { by, cause })
    },
    freeze: () => freezeAccess(deps, { by: 'adam', at: wholeSeconds(deps.clock.now()), reason: 'an intruder' }),
    sweep: () => sweep(deps),
    /** A request in force, two seconds after its approval. */
    async active(overrides: AskOverrides = {}): Promise<Request & { readonly grant: Grant }> {
      const { id } = await world.approved(overrides)
      deps.clock.step(2)
      await world.issue(id)
      await world.attach(id)
      return world.granted(id)
    },
    async request(requestId: string): Promise<Request> {
      return (await history(store, requestId)).request
    },
    /** The types of the request's events, after checking that they are one unbroken chain that ends where the request says. */
    async events(requestId: string): Promise<readonly string[]> {
      const { request, events } = await history(store, requestId)
      const verdict = verifyChain(requestId, events)
      if (verdict.outcome === 'broken') throw new Error(verdict.detail)
      const { sequence, hash } = request.lastEvent
      if (verdict.head.hash !== hash || verdict.head.sequence !== sequence)
        throw new Error('the request is not at the head')
      return events.map(({ type }) => type)
    },
    async details(requestId: string) {
      return (await history(store, requestId)).events.map(({ details }) => details)
    },
  }
  return world
}

function anAsk(iam: InMemoryIam, { ask, ...overrides }: AskOverrides): AccessAsk {
  const requester = overrides.requester ?? 'alice'
  const arn = arnOf(requester)
  return {
    requester,
    principal: { arn, uniqueId: iam.users.get(arn)?.uniqueId ?? 'AIDAUNKNOWN' },
    ask: { entitlement: 'logs-read', durationSeconds: 3600, parameters: {}, ...ask },
    reason: 'the nightly job is stuck',
    ...overrides,
  }
}

async function history(store: InMemoryRequestStore, requestId: string) {
  const found = await store.history(requestId)
  if (!found) throw new Error(`there is no request ${requestId}`)
  return found
}
