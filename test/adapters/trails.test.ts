import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { describe, expect, it } from '@jest/globals'
import { BothTrails } from '../../lambdas/adapters/both-trails.ts'
import { CloudTrailTrail } from '../../lambdas/adapters/cloudtrail-trail.ts'
import { toInstant } from '../../lambdas/domain/instant.ts'
import { aCallOf, RecordedTrail } from '../support/recorded-trail.ts'

const alice = { arn: 'arn:aws:iam::111122223333:user/people/alice', uniqueId: 'AIDAALICE' }
const span = { from: new Date('2027-03-01T10:00:00Z'), until: new Date('2027-03-01T11:00:00Z') }

describe('the event history', () => {
  it('AUD-05 has the first second of a span and not its end, which CloudTrail counts in', async () => {
    const times = ['10:00:00', '10:59:59', '11:00:00'].map(time => new Date(`2027-03-01T${time}Z`))
    const trail = new CloudTrailTrail(
      () => clientOf(times),
      async () => {},
    )

    const { calls } = await trail.callsOf(alice, span, 40)

    expect(calls.map(({ at }) => at)).toEqual(times.slice(0, 2))
  })
})

describe('both trails', () => {
  it('AUD-04 keep the resources that stand beside an event of the history, where the file has none of them', async () => {
    const [history, files] = [new RecordedTrail(), new RecordedTrail()]
    const call = aCallOf({ at: span.from })
    history.calls.push({ ...call, resources: ['arn:aws:s3:::prod-logs'] })
    files.calls.push(call, aCallOf({ eventId: 'of the file', at: span.from, resources: ['object'] }))

    const { calls } = await new BothTrails(history, files).callsOf(alice, span, 40)

    const resources = new Map(calls.map(each => [each.eventId, each.resources]))
    expect(resources).toEqual(
      new Map([
        [call.eventId, ['arn:aws:s3:::prod-logs']],
        ['of the file', ['object']],
      ]),
    )
  })
})

/** A client that answers with an event of Alice at each of these times, whatever it is asked. */
function clientOf(times: readonly Date[]): CloudTrailClient {
  const client = new CloudTrailClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
  const Events = times.map(at => ({
    CloudTrailEvent: JSON.stringify({
      eventID: toInstant(at),
      eventTime: toInstant(at),
      eventSource: 'ec2.amazonaws.com',
      eventName: 'DescribeInstances',
      userIdentity: { principalId: alice.uniqueId },
      readOnly: true,
    }),
  }))
  client.middlewareStack.add(() => async () => ({ output: { $metadata: {}, Events }, response: {} }), {
    step: 'initialize',
  })
  return client
}
