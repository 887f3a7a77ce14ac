import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import type { Canary, PlaceKind, SearchedHouse, Sighting } from '../support/canary.ts'
import { accessLogLine } from '../support/canary-access-log.ts'
import { CanaryNet } from '../support/canary-net.ts'
import { isMeantToBeThere } from '../support/canary-secrets.ts'
import { textsIn } from '../support/packed-texts.ts'
import { zipOf } from '../support/zip.ts'

const LINK: Canary = { kind: 'link token', value: randomBytes(32).toString('base64url'), of: '01A' }
const TASK: Canary = { kind: 'task token', value: randomBytes(480).toString('base64'), of: '01A' }
const CODE: Canary = { kind: 'code', value: '271828', of: '01A' }

function seenIn(text: string): readonly string[] {
  return new CanaryNet([LINK, TASK, CODE]).sightings({ kind: 'log line', where: 'x', text }).map(({ kind }) => kind)
}

describe('the search for secrets', () => {
  it.each([
    ['whole', `GET /decide/${LINK.value}?x`],
    ['cut to its first 23 characters', `token ${LINK.value.slice(0, 23)}…`],
    ['cut to its last 23 characters', LINK.value.slice(-23)],
    ['in base64', Buffer.from(`{"path":"/decide/${LINK.value}"}`).toString('base64')],
    ['in base64 that begins elsewhere', Buffer.from(`12${LINK.value}34`).toString('base64')],
    ['in hex', Buffer.from(LINK.value).toString('hex')],
  ])('AUD-07 FI-20: finds a token %s', (_, text) => {
    expect(seenIn(text)).toEqual(['link token'])
  })

  it('AUD-07 FI-20: finds a task token as it is, in JSON and in an address', () => {
    const told = [TASK.value, JSON.stringify({ a: JSON.stringify(TASK.value) }), encodeURIComponent(TASK.value)]

    expect(told.map(seenIn)).toEqual([['task token'], ['task token'], ['task token']])
  })

  it.each(['code=271828', '"271828"', '271828', JSON.stringify('line\n271828\n'), 'code%3D271828%26'])(
    'AUD-07 FI-20: finds a code in %s',
    text => {
      expect(seenIn(text)).toEqual(['code'])
    },
  )

  it.each(['1271828', 'a271828', '0.271828', '2718281', 'nothing', 'x'.repeat(100)])(
    'AUD-07 FI-20: takes %s for nothing',
    text => {
      expect(seenIn(text)).toEqual([])
    },
  )

  it.each([
    `https://b.example/k?X-Amz-Signature=${'a1'.repeat(32)}`,
    'Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20270301',
    'X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr',
  ])('AUD-07 FI-20: knows what was signed by its look: %s', text => {
    expect(seenIn(text)).toEqual(['signature'])
  })

  it('AUD-07 FI-20: looks into gzip, zip, and the one in the other', () => {
    const packed = gzipSync(zipOf('inside.txt', `code ${LINK.value}`))

    expect(textsIn(packed).flatMap(seenIn)).toEqual(['link token'])
  })

  it('AUD-07 FI-20: lets a task token be in its own row and history and the call that spends it, and nowhere else', () => {
    const house: SearchedHouse = {
      apiUrl: '',
      people: {},
      tableName: 'T',
      stateMachineArn: '',
      emulator: {
        endpointUrl: '',
        region: '',
        accountId: '',
        rootCredentials: { accessKeyId: '', secretAccessKey: '' },
      },
    }
    const sighted = (place: PlaceKind, where: string, kind: Sighting['kind'] = 'task token'): boolean =>
      isMeantToBeThere({ kind, of: '01A', place, where }, house)

    expect([
      sighted('table row', 'T TASK#01A TASK taskToken'),
      sighted('execution', '01A TaskScheduled'),
      sighted('trail', 'SendTaskSuccess by node'),
    ]).toEqual([true, true, true])
    expect([
      sighted('table row', 'T TASK#01B TASK taskToken'),
      sighted('table row', 'T REQUEST#01A EVENT#00002 details'),
      sighted('execution', '01A TaskStateExited'),
      sighted('execution', '01B TaskScheduled'),
      sighted('trail', 'PutItem by node'),
      sighted('log line', '01A TaskScheduled'),
      sighted('table row', 'T TASK#01A TASK taskToken', 'link token'),
    ]).toEqual(Array(7).fill(false))
  })

  it('AUD-07 FI-20: fills in an access log as API Gateway does, so that one with the path would be found out', () => {
    expect(seenIn(accessLogLine('$context.httpMethod $context.resourcePath', LINK.value).text)).toEqual([])
    expect(seenIn(accessLogLine('$context.path', LINK.value).text)).toEqual(['link token'])
    expect(() => accessLogLine('$context.authorizer.principalId', LINK.value)).toThrow('not known here')
  })
})
