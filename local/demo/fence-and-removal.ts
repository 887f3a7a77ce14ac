import { readEvent } from '../../lambdas/contract/rows.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { receivedMails } from '../mailbox.ts'
import { ApiAs, type RequestAnswer } from './api.ts'
import type { Granted } from './ask-and-approve.ts'
import { must } from './narrator.ts'
import type { Play } from './play.ts'
import { eventually, until } from './waiting.ts'

/** A removal that has not happened after so long counts as none. The workflow's third retry comes after 16 seconds at the latest. */
const REMOVAL_LIMIT_SECONDS = 45

/** The end: the access is over at the second, though the policy cannot be taken away; then it is, by itself, and proven. */
export async function fenceAndRemoval(play: Play, granted: Granted): Promise<void> {
  const { narrator } = play
  narrator.chapter('The end, with the removal held back')
  await fence(play, granted)
  await release(play)
  await removal(play, granted)
  await ledger(play, granted)
}

async function fence({ narrator, account, hold }: Play, { grant, requestId }: Granted): Promise<void> {
  const end = new Date(grant.notAfter)
  await narrator.step('account', 'forbids every role of Lapse to detach or delete policies', async () => {
    return [`Deny on ${await hold.put()} roles: now nothing can take the policy away`, undefined]
  })
  const before = new Date(end.getTime() - 2000)
  narrator.pause(before)
  await until(before)
  await narrator.step('alice', 'reads the object again, two seconds before the end', async () => {
    must((await account.read('alice')).outcome === 'allowed', 'S3 denies it before the end')
    return ['still allowed', undefined]
  })
  await until(new Date(end.getTime() + 1000))
  await narrator.step('alice', `reads it one second after the end, ${grant.notAfter}`, async () => {
    must((await account.read('alice')).outcome === 'denied', 'S3 still lets her')
    must(await account.isAttached('alice', grant.policyArn), 'the policy is detached already, so this proves nothing')
    return ['AccessDenied, though IAM still lists the policy as attached: the fence', undefined]
  })
  await narrator.step('lapse', 'tries to take the policy away', async () => {
    const failures = await eventually('try to detach it', 20, async () => {
      const count = await account.failures(requestId)
      return count > 0 ? count : undefined
    })
    return [`denied ${failures === 1 ? 'once' : `${failures} times`} so far; the workflow will try again`, undefined]
  })
}

async function release({ narrator, hold, isDetachSabotaged }: Play): Promise<void> {
  if (isDetachSabotaged) {
    narrator.aside('--sabotage detach: the account does not lift it again')
    return
  }
  await narrator.step('account', 'lifts what it forbade, and does nothing else', async () => {
    await hold.lift()
    return ['lifted', undefined]
  })
}

async function removal({ house, narrator, account }: Play, { grant, requestId }: Granted): Promise<void> {
  await narrator.step('lapse', 'tries again by itself, until the policy is gone', async () => {
    await eventually('removal', REMOVAL_LIMIT_SECONDS, async () =>
      (await account.policyExists(grant.policyArn)) ? undefined : true,
    )
    must(!(await account.isAttached('alice', grant.policyArn)), 'IAM still lists it as attached to alice')
    must(!(await account.isAttached('bob', grant.policyArn)), 'IAM still lists it as attached to bob')
    return ['GetPolicy: NoSuchEntity; neither alice nor bob has it', undefined]
  })
  await narrator.step('lapse', 'writes the receipt', async () => {
    const { receipt, endCause } = await eventually('receipt', 20, async () => {
      const request = await new ApiAs(house, 'alice').read(requestId)
      return request.status === 'ENDED' ? request : undefined
    })
    must(receipt !== undefined && receipt.policyArn === grant.policyArn, 'the request has no receipt')
    must(receipt.policy === 'NoSuchEntity' && receipt.detached > 0, `the receipt says ${JSON.stringify(receipt)}`)
    const from = receipt.detached === 1 ? 'one user' : `${receipt.detached} users`
    return [
      `ENDED (${endCause}): taken from ${from}, IAM read back at ${receipt.verifiedAt}: ${receipt.policy}`,
      undefined,
    ]
  })
  await narrator.step('alice', 'gets the receipt by mail', async () => {
    const mail = await eventually('mail', 20, async () =>
      (await receivedMails(house.emulator.endpointUrl)).find(
        ({ to, subject, text }) =>
          to.includes('alice@acme.example') && subject.startsWith('Ended') && text.includes(requestId),
      ),
    )
    return [`“${mail.subject}”`, undefined]
  })
}

async function ledger({ house, narrator }: Play, { requestId }: Granted): Promise<void> {
  const events = await narrator.step('alice', 'reads the timeline of her request: GET /requests/{id}', async () => {
    const request = await new ApiAs(house, 'alice').read(requestId)
    const verdict = verifyChain(
      requestId,
      request.events.map(event => readEvent({ requestId, ...event })),
    )
    must(verdict.outcome === 'intact', `the chain of its events is ${JSON.stringify(verdict)}`)
    return [
      `${request.events.length} events, each with the hash of the one before; the chain is intact`,
      request.events,
    ]
  })
  narrator.show(events.map(eventLine))
}

function eventLine(event: RequestAnswer['events'][number]): string {
  const { actor } = readEvent({ requestId: '', ...event })
  const by = 'person' in actor ? actor.person : actor.service
  return `${event.sequence}  ${event.at}  ${event.type.padEnd(16)} ${by}`
}
