import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { eligibleEntitlements, evaluate } from '../../../lambdas/domain/evaluate.ts'
import { accessFileJsonSchema } from '../../../lib/access-file/json-schema.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'

const FILE = new URL('../../../access.yaml', import.meta.url)
const { access } = loadAccessFile(fileURLToPath(FILE))
const NOW = new Date('2027-03-01T10:00:00Z')

describe('the access file of the project', () => {
  it('POL-01 tells editors where its schema is', () => {
    const [firstLine] = readFileSync(FILE, 'utf8').split('\n')

    expect(firstLine).toBe('# yaml-language-server: $schema=./docs/access-file.schema.json')
  })

  it('POL-01 has a schema for editors that is the one the checks use', () => {
    const committed = readFileSync(new URL('../../../docs/access-file.schema.json', import.meta.url), 'utf8')

    // After a change of the schema: node bin/write-access-schema.ts
    expect(committed).toBe(accessFileJsonSchema())
  })

  it('REQ-02 lets alice read one bucket of orders for a minute, with carol to approve', () => {
    const ask = { entitlement: 'orders-read', durationSeconds: 60, parameters: { bucket: 'acme-orders-2026' } }

    expect(evaluate(access, 'alice', ask, NOW)).toMatchObject({
      outcome: 'allowed',
      stages: [{ approvers: ['carol'], quorum: 1 }],
      statements: [
        { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::acme-orders-2026'] },
        { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme-orders-2026/*'] },
      ],
    })
  })

  it('REQ-03 refuses alice a bucket that holds no orders', () => {
    const ask = { entitlement: 'orders-read', parameters: { bucket: 'acme-salaries' } }

    expect(evaluate(access, 'alice', ask, NOW)).toMatchObject({ outcome: 'refused', code: 'parameter-refused' })
  })

  it('REQ-02 denies the contractor what engineers may read', () => {
    const ask = { entitlement: 'orders-read', parameters: { bucket: 'acme-orders-2026' } }

    expect(evaluate(access, 'victor', ask, NOW)).toMatchObject({
      outcome: 'refused',
      rule: 'contractors see no customer data',
    })
  })

  it('APP-07 lets engineers read logs for an hour in working time without asking anybody', () => {
    const ask = {
      entitlement: 'logs-read',
      durationSeconds: 3600,
      parameters: { logGroup: '/aws/lambda/acme-checkout' },
    }
    const evening = new Date('2027-03-01T19:00:00Z')

    expect(evaluate(access, 'alice', ask, NOW, { uses: [] })).toMatchObject({ automatic: 'engineers look for an hour' })
    expect(evaluate(access, 'alice', ask, evening, { uses: [] })).not.toHaveProperty('automatic')
    expect(evaluate(access, 'dana', ask, NOW, { uses: [] })).not.toHaveProperty('automatic')
  })

  it('APP-11 lets bob, who is on call, restart the orders service at once, with dana to review it', () => {
    const ask = { entitlement: 'orders-restart', parameters: {}, isBreakGlass: true }

    expect(evaluate(access, 'bob', ask, NOW)).toMatchObject({ outcome: 'allowed', emergency: { reviewers: ['dana'] } })
    expect(evaluate(access, 'alice', ask, NOW)).toMatchObject({ outcome: 'refused', rule: 'break-glass' })
  })

  it.each([
    {
      person: 'alice',
      entitlements: { 'orders-read': 14400, 'table-repair': 1800, 'logs-read': 28800, 'sandbox-admin': 43200 },
    },
    {
      person: 'bob',
      entitlements: {
        'orders-read': 14400,
        'table-repair': 3600,
        'logs-read': 28800,
        'sandbox-admin': 43200,
        'orders-restart': 3600,
      },
    },
    { person: 'carol', entitlements: { 'logs-read': 28800 } },
    { person: 'dana', entitlements: { 'logs-read': 28800 } },
    { person: 'erin', entitlements: {} },
    { person: 'victor', entitlements: { 'logs-read': 28800, 'sandbox-admin': 43200 } },
  ])('REQ-02 offers $person $entitlements', ({ person, entitlements }) => {
    const offered = eligibleEntitlements(access, person, NOW)

    expect(
      Object.fromEntries(offered.map(({ entitlement, maximumSeconds }) => [entitlement.id, maximumSeconds])),
    ).toEqual(entitlements)
  })
})
