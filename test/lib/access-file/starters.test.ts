import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { evaluate } from '../../../lambdas/domain/evaluate.ts'
import { loadAccessFile } from '../../../lib/access-file/load.ts'

const FILE = new URL('../../../starters/access.yaml', import.meta.url)
const text = readFileSync(FILE, 'utf8')
const { access } = loadAccessFile(fileURLToPath(FILE))
/** A Monday, 11:00 in Berlin. */
const NOW = new Date('2027-03-01T10:00:00Z')
const NIGHT = new Date('2027-03-01T22:00:00Z')
const NOTHING = { uses: [] }

const said = (who: string, entitlement: string, at = NOW, more = {}) =>
  evaluate(access, who, { entitlement, parameters: {}, ...more }, at, NOTHING)

describe('the starters', () => {
  it('POL-03 pass the checks, and tell editors where their schema is', () => {
    expect(Object.keys(access.entitlements)).toEqual([
      'sandbox-admin',
      'production-read',
      'orders-write',
      'production-emergency',
      'orders-deploy',
    ])
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../docs/access-file.schema.json')
    expect(readFileSync(new URL('../docs/access-file.schema.json', FILE), 'utf8')).toContain('"Lapse access file"')
  })

  it('POL-03 say in a comment what each of them is for', () => {
    const lines = text.split('\n')

    for (const id of Object.keys(access.entitlements)) {
      expect(lines[lines.indexOf(`  ${id}:`) - 1]).toMatch(/^ {2}# /)
    }
  })

  it('POL-03 give the sandbox to engineers in working time, and ask an owner at night', () => {
    expect(said('anna', 'sandbox-admin')).toMatchObject({ automatic: 'half a day in the sandbox' })
    expect(said('anna', 'sandbox-admin', NIGHT)).toMatchObject({ stages: [{ approvers: ['clara', 'david'] }] })
    expect(said('anna', 'sandbox-admin', NIGHT)).not.toHaveProperty('automatic')
  })

  it('POL-03 ask an owner for a read of production, and security when no owner answers', () => {
    const parameters = { bucket: 'acme-prod-orders', service: 'checkout' }

    expect(said('clara', 'production-read', NOW, { parameters })).toMatchObject({
      stages: [{ approvers: ['david'], escalateTo: ['eva', 'felix'] }],
    })
    expect(said('david', 'production-read', NOW, { parameters })).toMatchObject({ code: 'not-eligible' })
  })

  it('POL-03 ask an owner and security, signed, for a write to one table of production', () => {
    expect(access.entitlements['orders-write']).toMatchObject({ assurance: 'signed', risk: 'high' })
    expect(said('anna', 'orders-write')).toMatchObject({
      maximumSeconds: 3600,
      stages: [
        { name: 'owners', approvers: ['clara', 'david'], quorum: 1 },
        { name: 'security', approvers: ['eva', 'felix'], quorum: 1 },
      ],
    })
    expect(said('clara', 'orders-write')).toMatchObject({
      maximumSeconds: 1800,
      stages: [{ approvers: ['david'] }, {}],
    })
  })

  it('POL-03 let who is on call in at once in an emergency, with security to review it', () => {
    const emergency = { isBreakGlass: true }

    expect(said('ben', 'production-emergency', NIGHT, emergency)).toMatchObject({
      emergency: { reviewers: ['eva', 'felix'] },
    })
    expect(said('clara', 'production-emergency', NIGHT, emergency)).toMatchObject({ code: 'not-eligible' })
  })

  it('POL-03 let the pipeline deploy in working time, and ask an owner at night', () => {
    expect(said('pipeline', 'orders-deploy')).toMatchObject({ automatic: 'reviewed changes in working time' })
    expect(said('pipeline', 'orders-deploy', NIGHT)).not.toHaveProperty('automatic')
    expect(said('anna', 'orders-deploy')).toMatchObject({ code: 'not-eligible' })
  })
})
