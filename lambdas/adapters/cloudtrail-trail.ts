import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import type { Calls, Trail } from '../application/ports/books.ts'
import { readTrailEvent, type TrailRecord } from '../contract/trail-event.ts'
import { isInSpan, type Span } from '../domain/activity/books.ts'
import { userIdOf } from '../domain/principal.ts'
import type { Principal } from '../domain/request.ts'
import { nameInArn } from './iam-policies.ts'

/** LookupEvents takes two calls a second in an account and region, whoever makes them. */
const PAUSE_MS = 500

/** Where the calls of IAM, STS and other services without a region are recorded, by the partition of the home region. */
function globalRegionOf(home: string): string {
  if (home.startsWith('cn-')) return 'cn-north-1'
  return home.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1'
}

/**
 * What CloudTrail's event history shows: management events of the last 90 days, in the region of the stack and in the one of services
 * without a region. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class CloudTrailTrail implements Trail {
  readonly #clientIn: (region?: string) => CloudTrailClient
  readonly #pause: (milliseconds: number) => Promise<unknown>

  /** @param clientIn the client of a region, or of the function's own; it has to try again when it is throttled. */
  constructor(clientIn: (region?: string) => CloudTrailClient, pause: (milliseconds: number) => Promise<unknown>) {
    this.#clientIn = clientIn
    this.#pause = pause
  }

  async callsOf(principal: Principal, span: Span, mostPages: number): Promise<Calls> {
    const home = this.#clientIn()
    const region = await home.config.region()
    const elsewhere = globalRegionOf(region)
    const clients = elsewhere === region ? [home] : [home, this.#clientIn(elsewhere)]
    const userId = userIdOf(principal)
    const found = new Map<string, TrailRecord>()
    let pages = 0
    let unreadable = 0
    let isCut = false
    for (const client of clients) {
      const { events, read, hasMore } = await this.#eventsIn(client, nameOf(principal), span, mostPages)
      for (const record of events.map(recordOf)) {
        if (!record) unreadable += 1
        else if (record.principalId === userId && isInSpan(span, record.at)) found.set(record.eventId, record)
      }
      pages += read
      isCut ||= hasMore
    }
    const calls = [...found.values()].map(({ principalId: _, ...call }) => call)
    return { calls, regions: elsewhere === region ? [region] : [region, elsewhere], pages, isCut, unreadable }
  }

  async #eventsIn(client: CloudTrailClient, name: string, { from, until }: Span, mostPages: number) {
    const events: Event[] = []
    let NextToken: string | undefined
    let read = 0
    do {
      await this.#pause(PAUSE_MS)
      const page = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: name }],
          StartTime: from,
          // The end itself is in it for CloudTrail, and in no span of ours.
          EndTime: until,
          MaxResults: 50,
          NextToken,
        }),
      )
      events.push(...(page.Events ?? []))
      NextToken = page.NextToken
      read += 1
    } while (NextToken !== undefined && read < mostPages)
    return { events, read, hasMore: NextToken !== undefined }
  }
}

/** CloudTrail files a user's calls under the user's name and those of a role's session under the session's; others may have the same. */
function nameOf({ arn, session }: Principal): string {
  return session?.name ?? nameInArn(arn)
}

function recordOf({ CloudTrailEvent, Resources = [] }: Event): TrailRecord | undefined {
  return readTrailEvent(
    CloudTrailEvent,
    Resources.flatMap(({ ResourceName }) => ResourceName ?? []),
  )
}
