import { ApiAs, type RequestAnswer } from './api.ts'
import { askingMail, openPage, sendForm, wrongCode } from './approver.ts'
import { BUCKET, OBJECT } from './aws.ts'
import { must } from './narrator.ts'
import type { Play } from './play.ts'
import { eventually } from './waiting.ts'

export type Granted = RequestAnswer & { readonly grant: NonNullable<RequestAnswer['grant']> }

const REASON = 'Order 4712 was charged twice, says the customer; I look into it'

/** Alice asks, Carol decides on the page, Lapse attaches. Gives the request in force. */
export async function askAndApprove(play: Play): Promise<Granted> {
  const { narrator, account } = play
  narrator.chapter('Nobody has a standing right to the orders')
  await narrator.step('account', `makes the bucket ${BUCKET} with an object, ${OBJECT}`, async () => {
    await account.makeOrders()
    return [`s3://${BUCKET}/${OBJECT}`, undefined]
  })
  await narrator.step('alice', 'reads it with her own keys', async () => {
    must((await account.read('alice')).outcome === 'denied', 'S3 let her, before she asked')
    return ['AccessDenied, as it should be', undefined]
  })

  narrator.chapter('Alice asks, Carol decides')
  const { requestId } = await narrator.step('alice', 'asks for orders-read, for one minute', async () => {
    const asking = { entitlement: 'orders-read', duration: 'PT1M', reason: REASON, ticket: 'SUP-4712' }
    const request = await new ApiAs(play.house, 'alice').ask({ ...asking, parameters: { bucket: BUCKET } })
    must(request.status === 'PENDING', `it is ${request.status}`)
    return [`${request.status}: request ${request.requestId}`, request]
  })
  await decideAsCarol(play, requestId)
  return inForce(play, requestId)
}

async function decideAsCarol({ house, narrator }: Play, requestId: string): Promise<void> {
  const mail = await narrator.step('carol', 'gets a mail with a link and a code', async () => {
    const arrived = await askingMail(house.emulator.endpointUrl, 'carol@acme.example', requestId)
    return [`“${arrived.subject}”`, arrived]
  })
  const page = await narrator.step('carol', 'opens the link', async () => {
    const opened = await openPage(mail)
    must(opened.html.includes(REASON) && opened.html.includes(BUCKET), 'the page does not show what is asked')
    const { status } = await new ApiAs(house, 'carol').read(requestId)
    must(status === 'PENDING', `opening it made it ${status}`)
    return ['the page shows who, why and the very statements; opening it decided nothing', opened]
  })
  const code = page.code
  must(code !== undefined, 'the mail has no code')
  await narrator.step('carol', 'mistypes the code', async () => {
    const { status, html } = await sendForm(page, { decision: 'approve', code: wrongCode(code) })
    const words = /That is not the code[^<]*/.exec(html)?.[0]
    must(status === 400 && words !== undefined, `the page answered ${status} without a complaint`)
    return [`refused: “${words}”`, undefined]
  })
  await narrator.step('carol', 'types the code of the mail and approves', async () => {
    const { status, heading } = await sendForm(page, { decision: 'approve', code, comment: 'Go ahead' })
    must(status === 200 && heading.includes('approved'), `the page answered ${status}: ${heading}`)
    return [`“${heading}”`, undefined]
  })
}

async function inForce({ house, narrator, account }: Play, requestId: string): Promise<Granted> {
  const alice = new ApiAs(house, 'alice')
  const granted = await narrator.step(
    'lapse',
    'writes a policy for her alone, fenced in time, and attaches it',
    async () => {
      const active = await eventually('grant in force', 30, async () => {
        const { grant, ...request } = await alice.read(requestId)
        must(request.status !== 'FAILED', 'the request FAILED')
        return request.status === 'ACTIVE' && grant ? { ...request, grant } : undefined
      })
      const { policyArn, notBefore, notAfter } = active.grant
      must(await account.isAttached('alice', policyArn), 'IAM does not list it as attached')
      return [`ACTIVE from ${notBefore} to ${notAfter}`, active]
    },
  )
  narrator.show(await account.conditions(granted.grant.policyArn))
  return granted
}
