import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Api } from '../../cli/api/api.ts'
import { endpointOf } from '../../cli/api/endpoint.ts'
import { signedCall } from '../../cli/api/signed-call.ts'
import { reasonOf } from '../../cli/errors.ts'
import { LoopbackApi } from '../support/loopback-api.ts'
import { typed } from '../support/typed.ts'
import { writeLocalHouse } from '../support/write-local-house.ts'

const HOUSE = 'http://127.0.0.1:4566/restapis/lapse/v1/_user_request_'
const AWS = 'https://abc123.execute-api.eu-central-1.amazonaws.com/v1'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lapse-endpoint-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Where a command would call, given its options and the environment. */
function calls(given: object, environment: Readonly<Record<string, string>> = {}) {
  const nothing = { isTerminal: false, write: () => {} }
  const { apiUrl, region } = endpointOf(given, {
    workingFolder: folder,
    environment,
    out: nothing,
    err: nothing,
    now: () => new Date(0),
    newKey: () => '',
    sleep: async () => {},
    ask: async () => undefined,
  })
  return [apiUrl, region]
}

describe('the API that is called', () => {
  it('CLI-01 is that of --api before that of LAPSE_API_URL, without a slash at its end', () => {
    const environment = { LAPSE_API_URL: 'https://other.execute-api.us-west-2.amazonaws.com/v1' }

    expect(calls({ api: `${AWS}/` }, environment)).toEqual([AWS, 'eu-central-1'])
    expect(calls({}, environment)).toEqual([environment.LAPSE_API_URL, 'us-west-2'])
  })

  it('CLI-01 behind a domain of its own is signed for the region that is said', () => {
    const api = 'https://lapse.acme.example'

    expect(calls({ api, region: 'eu-north-1' })).toEqual([api, 'eu-north-1'])
    expect(calls({ api }, { AWS_REGION: 'eu-west-1' })).toEqual([api, 'eu-west-1'])
    expect(() => calls({ api })).toThrow(/the region of .* cannot be told/)
  })

  it.each([
    ['http://lapse.acme.example/v1', /is not encrypted/],
    ['http://127.0.0.1.acme.example/v1', /is not encrypted/],
    ['ftp://acme.example', /is no address of an API/],
    ['acme', /is no address of an API/],
  ])('CLI-01 SEC-01 is never %s: a signed call goes over TLS or stays on this machine', (api, words) => {
    expect(() => calls({ api, region: 'us-east-1' })).toThrow(words)
  })

  it.each(['http://localhost:4566/v1', 'http://127.0.0.1:1/v1', 'http://[::1]:1/v1'])('CLI-01 may be %s', api => {
    expect(calls({ api, region: 'us-east-1' })).toEqual([api, 'us-east-1'])
  })

  it('CLI-01 is that of the house in this folder, for a person of it', () => {
    writeLocalHouse(folder, HOUSE, ['alice', 'dana'])

    expect(calls({ as: 'alice' })).toEqual([HOUSE, 'us-east-1'])
    expect(() => calls({ as: 'alise' })).toThrow('no keys of alise; did you mean alice')
    expect(() => calls({ as: 'constructor' })).toThrow('no keys of constructor')
    expect(() => calls({})).toThrow('say who calls with --as: alice, dana')
    expect(() => calls({ as: 'alice', api: AWS })).toThrow('leave out --api')
  })

  it('CLI-01 nowhere is wrong use, and so is --as without a house', () => {
    expect(() => calls({})).toThrow(/no API is named/)
    expect(() => calls({ as: 'alice' })).toThrow(/needs \.lapse\/local\.json/)
  })

  it('CLI-01 a house file that npm start did not write is refused by its members', () => {
    mkdirSync(join(folder, '.lapse'))
    writeFileSync(join(folder, '.lapse', 'local.json'), '{"apiUrl":1,"people":{}}')

    expect(() => calls({ as: 'alice' })).toThrow(/is not what npm start writes \(apiUrl, endpointUrl, region\)/)
  })
})

describe('a signed call', () => {
  it('CLI-01 REQ-01 with temporary credentials carries their session token', async () => {
    const api = await LoopbackApi.start({ 'GET /entitlements': [{ body: {} }] })

    const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'the-token' }
    await signedCall(keys, 'us-east-1', { method: 'GET', url: `${api.url}/entitlements` })
    await api.stop()

    expect(api.heard[0]?.headers['x-amz-security-token']).toBe('the-token')
    expect(api.heard[0]?.headers.authorization).toMatch(/SignedHeaders=[^,]*x-amz-security-token/)
  })

  it('CLI-01 asks for the credentials each time: those it began with run out while it watches', async () => {
    const api = await LoopbackApi.start({ 'GET /requests': [{ body: {} }] })
    const keys = ['first', 'second'].map(accessKeyId => ({ accessKeyId, secretAccessKey: 'secret' }))
    const credentials = async () => keys.shift() ?? { accessKeyId: 'third', secretAccessKey: 'secret' }
    const called = new Api({ apiUrl: api.url, region: 'us-east-1', credentials }, { sleep: async () => {} })

    await called.get('/requests')
    await called.get('/requests')
    await api.stop()

    const [first, second] = api.heard.map(({ headers }) => headers.authorization)
    expect(first).toContain('Credential=first/')
    expect(second).toContain('Credential=second/')
  })

  it('CLI-01 that reaches nobody is a broken world, exit 2', async () => {
    writeLocalHouse(folder, 'http://127.0.0.1:1', ['alice'])

    const { exit, err } = await typed(['entitlements', '--as', 'alice'], { folder })

    expect(exit).toBe(2)
    expect(err).toMatch(/^lapse: the API cannot be reached: /)
  })

  it('CLI-01 that reaches none of several addresses says why of each', () => {
    const refused = ['10.0.0.1', '10.0.0.2'].map(address => new Error(`connect ECONNREFUSED ${address}:443`))

    expect(reasonOf(new AggregateError(refused))).toBe(
      'connect ECONNREFUSED 10.0.0.1:443; connect ECONNREFUSED 10.0.0.2:443',
    )
  })
})
