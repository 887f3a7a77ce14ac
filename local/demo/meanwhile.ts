import { ApiAs } from './api.ts'
import { askingMail, openPage, sendForm } from './approver.ts'
import type { Granted } from './ask-and-approve.ts'
import { must } from './narrator.ts'
import type { Play } from './play.ts'

/** While the grant is in force: what it gives to whom; and two requests that end without access. */
export async function meanwhile(play: Play, { grant }: Granted): Promise<void> {
  const { narrator, account } = play
  narrator.chapter('For one minute')
  await narrator.step('alice', 'reads the object with the same keys as before', async () => {
    const read = await account.read('alice')
    must(read.outcome === 'allowed', 'S3 denies it')
    return [`allowed: ${read.text.trim().split('\n').length - 1} orders`, undefined]
  })
  await narrator.step('account', 'attaches the very same policy to bob, who asked nobody', async () => {
    await account.attach('bob', grant.policyArn)
    must(await account.isAttached('bob', grant.policyArn), 'IAM does not list it as attached')
    return ['IAM lists it as attached to alice and to bob', undefined]
  })
  await narrator.step('bob', 'reads the object with his own keys', async () => {
    must((await account.read('bob')).outcome === 'denied', 'S3 let him')
    return ['AccessDenied: the fence names alice’s unique id', undefined]
  })

  narrator.chapter('Not everybody gets everything')
  await denied(play)
  await refused(play)
}

async function denied({ house, narrator }: Play): Promise<void> {
  const alice = new ApiAs(house, 'alice')
  const { requestId } = await narrator.step('alice', 'asks for table-repair, for 15 minutes', async () => {
    const request = await alice.ask({ entitlement: 'table-repair', duration: 'PT15M', reason: 'Put order 4712 right' })
    return [`${request.status}: two of ${request.stages[0]?.approvers.join(', ')} have to agree`, request]
  })
  await narrator.step('dana', 'opens her mail’s link and denies, with a comment', async () => {
    const page = await openPage(await askingMail(house.emulator.endpointUrl, 'dana@acme.example', requestId))
    const comment = 'Refund it in the shop instead'
    const { status, heading } = await sendForm(page, { decision: 'deny', code: page.code, comment })
    must(status === 200, `the page answered ${status}: ${heading}`)
    const after = await alice.read(requestId)
    must(after.status === 'DENIED' && after.grant === undefined, `it is ${after.status}`)
    return [`DENIED: “${comment}”`, undefined]
  })
}

async function refused({ house, narrator }: Play): Promise<void> {
  await narrator.step('victor', 'asks for orders-read; he is a contractor', async () => {
    const parameters = { bucket: 'acme-orders-2026' }
    const asking = { entitlement: 'orders-read', duration: 'PT30M', reason: 'Curious about the orders', parameters }
    const { rule, wouldPass, requestId } = await new ApiAs(house, 'victor').askInVain(asking)
    must(rule === 'contractors see no customer data', `another rule refused: ${rule}`)
    const { status } = await new ApiAs(house, 'victor').read(requestId)
    must(status === 'REFUSED', `it is recorded as ${status}`)
    return [`refused at once by the rule “${rule}”; what would pass: “${wouldPass}”`, undefined]
  })
}
