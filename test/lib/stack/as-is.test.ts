import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { Annotations, Match } from 'aws-cdk-lib/assertions'
import type { AccessFile } from '../../../lambdas/domain/access-file.ts'
import { LATE_ATTACH_SECONDS, LATE_DETACH_SECONDS } from '../../../lambdas/domain/lease.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'
import { AsIsRemoval } from '../../../lib/as-is-removal.ts'
import { ACCOUNT } from '../../support/concrete.ts'
import { lapseApp } from '../../support/synthesize.ts'
import { $template, type Resource, resourcesOf, synthesized } from '../../support/synthesized.ts'
import { type RoleView, rolesOf } from '../../support/template-policies.ts'
import { isAllowed } from '../../trust/ask.ts'

jest.setTimeout(120_000)

const ROOT = join(import.meta.dirname, '..', '..', '..')
const POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const OTHER = 'arn:aws:iam::aws:policy/AdministratorAccess'
const ALICE = `arn:aws:iam::${ACCOUNT}:user/people/alice`
const REMOVERS = [
  'Closing/EndRequest',
  'Closing/FreezeAccess',
  'Closing/RevokeRequest',
  'Closing/Sweep',
  'Drain/DrainGrants',
  'Elevation/Revoker',
]

/** The access file of the project with its first entitlement attaching these policies as they are. */
function attaching(...policies: readonly string[]): AccessFile {
  const { access } = loadAccessFile(join(ROOT, 'access.yaml'))
  const [first] = Object.values(access.entitlements)
  if (!first) throw new Error('no entitlement')
  const asIs = { because: 'it is too large for a copy', documentHash: 'a'.repeat(64) }
  const added = policies.map((arn, index) => {
    const id = `as-is-${index}`
    return [id, { ...first, id, parameters: {}, managedPolicy: { arn, versionId: 'v1', asIs } }] as const
  })
  return { ...access, entitlements: { ...access.entitlements, ...Object.fromEntries(added) } }
}

function synthesizedWith(access: AccessFile) {
  const { app, stack, outdir } = lapseApp({ access })
  const written: unknown = app.synth({ skipValidation: true }).getStackByName('Lapse').template
  const { Resources } = $template.parse(written)
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue())
  rmSync(outdir, { recursive: true, force: true })
  return { Resources, resources: resourcesOf({ Resources }), warnings: warnings.map(({ entry }) => String(entry.data)) }
}

const one = synthesizedWith(attaching(POLICY))
const roles = rolesOf(one.resources)
const others = roles.filter(({ name }) => ![...REMOVERS, 'Elevation/Applier'].includes(name))

const may = ({ arn, policies }: RoleView, action: string, resource: string, policy: string): Promise<boolean> =>
  isAllowed({ principal: arn, policies, action, resource, context: { 'iam:PolicyARN': policy } })

async function whoMay(action: string, resource: string, policy: string): Promise<readonly string[]> {
  const allowed: string[] = []
  for (const role of roles) if (await may(role, action, resource, policy)) allowed.push(role.name)
  return allowed.sort()
}

const ofAsIs = (resources: readonly Resource[]) => resources.filter(({ path }) => path.startsWith('AsIs/'))

describe('a stack that attaches a policy of AWS as it is', () => {
  it('GRA-07 GRA-08 lets the applier alone attach it, to a person and to nobody else, and no other policy of AWS', async () => {
    expect(await whoMay('iam:AttachUserPolicy', ALICE, POLICY)).toEqual(['Elevation/Applier'])
    expect(await whoMay('iam:AttachUserPolicy', ALICE, OTHER)).toEqual([])
    expect(await whoMay('iam:AttachUserPolicy', `arn:aws:iam::${ACCOUNT}:user/breakglass`, POLICY)).toEqual([])
    expect(await whoMay('iam:AttachRolePolicy', `arn:aws:iam::${ACCOUNT}:role/people/on-call`, POLICY)).toEqual([])
    expect(await whoMay('iam:AttachGroupPolicy', `arn:aws:iam::${ACCOUNT}:group/admins`, POLICY)).toEqual([])
  })

  it('GRA-07 GRA-08 lets those who take away detach it from any user, and no other policy of AWS', async () => {
    expect(await whoMay('iam:DetachUserPolicy', ALICE, POLICY)).toEqual(REMOVERS)
    expect(await whoMay('iam:DetachUserPolicy', `arn:aws:iam::${ACCOUNT}:user/moved/alice`, POLICY)).toEqual(REMOVERS)
    expect(await whoMay('iam:DetachUserPolicy', ALICE, OTHER)).toEqual([])
    expect(await whoMay('iam:DetachRolePolicy', `arn:aws:iam::${ACCOUNT}:role/Admin`, POLICY)).toEqual([])
  })

  it('GRA-07 lets nobody but them and the applier write leases', () => {
    const writing = (role: RoleView) =>
      Object.values(role.policies).some(({ Statement }) =>
        Statement.some(
          ({ Action, Condition }) =>
            Action.includes('dynamodb:PutItem') && JSON.stringify(Condition).includes('LEASES'),
        ),
      )

    expect(
      roles
        .filter(writing)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...REMOVERS, 'Elevation/Applier'].sort())
    expect(others.some(writing)).toBe(false)
  })

  it('GRA-07 warns whoever deploys, by the name of the entitlement and with the reason', () => {
    const said = one.warnings.filter(warning => warning.includes('without a fence'))

    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`as-is-0 attaches ${POLICY} as it is`)
    expect(said[0]).toContain('it is too large for a copy')
  })

  it('GRA-07 END-07 ends the grants of a policy that is taken out of the access file before the right to detach it goes', () => {
    const [right, ...rights] = ofAsIs(one.resources).filter(({ type }) => type === 'AWS::IAM::ManagedPolicy')
    const [grants, ...more] = ofAsIs(one.resources).filter(({ type }) => type === 'Custom::LapseAsIs')
    const names = (...policies: readonly string[]) => AsIsRemoval.namesOf(attaching(...policies))
    const listed = names(POLICY)

    expect([rights, more]).toEqual([[], []])
    expect(grants?.properties.policies).toEqual([POLICY])
    expect(one.Resources[grants?.id ?? '']?.DependsOn).toContain(right?.id)
    expect([right?.path, grants?.path]).toEqual([
      `AsIs/${listed.right}`,
      expect.stringMatching(`^AsIs/${listed.grants}`),
    ])
    for (const others of [names(OTHER), names(POLICY, OTHER)])
      expect([others.right, others.grants]).not.toEqual(expect.arrayContaining([listed.right]))
    expect(names(POLICY, POLICY)).toEqual(listed)
    const [drain] = one.resources.filter(({ type }) => type === 'Custom::LapseDrain')
    expect(one.Resources[drain?.id ?? '']?.DependsOn).toContain(grants?.id)
  })

  it('GRA-07 trusts no attach or detach to come later than its function may run', () => {
    const timeouts = (pattern: RegExp) =>
      one.resources
        .filter(({ type, path }) => type === 'AWS::Lambda::Function' && pattern.test(path))
        .map(({ properties }) => Number(properties.Timeout))
    const attachers = timeouts(/^Elevation\/Applier\//)
    const detachers = timeouts(new RegExp(`^(?:${REMOVERS.join('|')})/`))

    expect([attachers.length, detachers.length]).toEqual([1, REMOVERS.length])
    expect(Math.max(...attachers) + 60).toBeLessThanOrEqual(LATE_ATTACH_SECONDS)
    expect(Math.max(...detachers) + 60).toBeLessThanOrEqual(LATE_DETACH_SECONDS)
  })

  it('GRA-07 has nothing of it where no entitlement is attached as it is', () => {
    const without = synthesized()

    expect(ofAsIs(without.resources)).toEqual([])
    expect(JSON.stringify(without.template)).not.toMatch(/LEASES|AsIs|iam::aws:policy\/ReadOnly/)
    expect(without.warnings.filter(warning => warning.includes('without a fence'))).toEqual([])
  })
})
