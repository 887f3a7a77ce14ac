import { durationFact, entitlementFacts, windowFacts } from '../request-facts.ts'
import type { RequestView, Window } from '../request-view.ts'
import { type Reader, readerTimes } from '../times.ts'
import { facts, words } from './letter.ts'
import { type Mail, mailOf } from './mail.ts'

/** To the requester: the access ends in a few minutes. */
export interface EndNearView extends RequestView {
  readonly reader: Reader
  readonly grant: Window
}

export function endNearMail(view: EndNearView): Mail {
  const { organisation, entitlement, request, reader, grant } = view
  const end = readerTimes(grant.notAfter, reader.timezone, 'second')
  return mailOf({
    subject: `Ends soon: ${entitlement.title}`,
    heading: `Ends soon: ${entitlement.title}`,
    organisation,
    requestId: request.id,
    blocks: [
      words(
        `${reader.name}, your access ends at ${end}. ${request.asIs ? 'Then Lapse takes the policy away.' : 'From that second AWS refuses.'} Bring what you do to a stop.`,
      ),
      facts('If you need more time', [
        {
          label: 'Ask for it now',
          values: [`lapse extend ${request.id} --duration 30m --reason "…"`, `POST /requests/${request.id}/extend`],
          look: 'code',
        },
        { label: 'What it is', values: ['A request of its own, judged and approved like this one.'] },
      ]),
      facts('What ends', [...entitlementFacts(view), durationFact(view), ...windowFacts(grant, reader)]),
      words('If you are done, you need not do anything.'),
    ],
  })
}
