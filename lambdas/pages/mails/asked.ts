import { answerByFact, askedWindowFacts, entitlementFacts, type Fact, whyFacts } from '../request-facts.ts'
import type { RequestView } from '../request-view.ts'
import { accessFacts } from '../statement-facts.ts'
import { durationWords, type Reader } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: the request is in, and who was asked. */
export interface AskedView extends RequestView {
  readonly reader: Reader
  /** Whether it was asked outside the organisation's working hours, and whether some of the time it asks for lies there. */
  readonly offHours?: boolean | undefined
  readonly windowOffHours?: boolean | undefined
  /** In the order they are asked; empty where a rule approves by itself. */
  readonly stages: readonly { readonly name: string; readonly quorum: number; readonly approvers: readonly string[] }[]
}

export function askedMail(view: AskedView): Mail {
  const { organisation, entitlement, request, reader, stages } = view
  const inOrder = stages.length > 1 ? ' One stage is asked after the other.' : ''
  return mailOf({
    subject: `Asked: ${entitlement.title}, ${durationWords(request.durationSeconds)}`,
    heading: `You asked: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(`${reader.name}, your request is on its way.${inOrder} You get a mail when it is answered.`),
      facts('Who was asked', [
        ...stages.map(({ name, quorum, approvers }) => ({
          label: `${name}: ${quorum} of ${approvers.length} must approve`,
          values: approvers,
        })),
        ...(stages.length === 0 ? [{ label: 'Nobody', values: [`Rule ${request.rule} approves by itself`] }] : []),
        answerByFact(view, reader),
        ...offHoursFacts(view),
      ]),
      facts('What you asked for', [
        ...entitlementFacts(view),
        ...askedWindowFacts(view, 'it is approved', reader),
        ...accessFacts(view),
        ...whyFacts(view),
      ]),
      words('If it was not you who asked, tell your administrators now: somebody has your keys.'),
    ],
  })
}

function offHoursFacts({ offHours, windowOffHours }: AskedView): readonly Fact[] {
  const said = [
    ...(offHours ? ['You asked outside working hours'] : []),
    ...(windowOffHours ? ['The time you asked for reaches outside working hours'] : []),
  ]
  return said.length > 0 ? [{ label: 'They are told', values: said }] : []
}
