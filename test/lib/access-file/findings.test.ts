import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { secondsOfShortDuration } from '../../../lambdas/domain/duration.ts'
import { ALWAYS_APPROVES } from '../../../lambdas/domain/findings/always-approves.ts'
import { BULK_DECISIONS } from '../../../lambdas/domain/findings/bulk-decisions.ts'
import { FINDING_RULES } from '../../../lambdas/domain/findings/finding.ts'
import { FIRST_TIME } from '../../../lambdas/domain/findings/first-time.ts'
import { INELIGIBLE_PROBING } from '../../../lambdas/domain/findings/ineligible-probing.ts'
import { LONG_LIVED } from '../../../lambdas/domain/findings/long-lived.ts'
import { OFF_HOURS } from '../../../lambdas/domain/findings/off-hours.ts'
import { QUICK_DECISIONS } from '../../../lambdas/domain/findings/quick-decisions.ts'
import { REPEATED_DENIAL } from '../../../lambdas/domain/findings/repeated-denial.ts'
import { REQUEST_SPIKE } from '../../../lambdas/domain/findings/request-spike.ts'
import { SAME_PAIR } from '../../../lambdas/domain/findings/same-pair.ts'
import { SERIAL_EXTENSION } from '../../../lambdas/domain/findings/serial-extension.ts'
import { UNUSED_GRANT } from '../../../lambdas/domain/findings/unused-grant.ts'
import { accessFileJsonSchema } from '../../../lib/access-file/json-schema.ts'
import { edited, smallAccess, validAccess } from './small-file.ts'

const DEFAULTS: Readonly<Record<string, object>> = {
  'request-spike': REQUEST_SPIKE,
  'first-time': FIRST_TIME,
  'off-hours': OFF_HOURS,
  'repeated-denial': REPEATED_DENIAL,
  'ineligible-probing': INELIGIBLE_PROBING,
  'unused-grant': UNUSED_GRANT,
  'serial-extension': SERIAL_EXTENSION,
  'long-lived': LONG_LIVED,
  'quick-decisions': QUICK_DECISIONS,
  'always-approves': ALWAYS_APPROVES,
  'bulk-decisions': BULK_DECISIONS,
  'same-pair': SAME_PAIR,
}

const $property = z.object({ description: z.string() })
const $schema = z.object({
  properties: z.object({
    findings: z.object({
      properties: z.record(z.string(), z.object({ properties: z.record(z.string(), $property).optional() })),
    }),
  }),
})
const { offices: _, ...rules } = $schema.parse(JSON.parse(accessFileJsonSchema())).properties.findings.properties

/** The defaults as the schema tells people, by the names the service has for them. */
function toldDefaults(rule: string): object {
  const figures = Object.entries(rules[rule]?.properties ?? {}).filter(([key]) => key !== 'holds' && key !== 'off')
  return Object.fromEntries(
    figures.map(([key, { description }]) => {
      const said = /default: (?<said>\S+)$/.exec(description)?.groups?.said ?? 'none'
      const seconds = secondsOfShortDuration(said)
      if (seconds !== undefined) return [`${key}Seconds`, seconds]
      return [key, Number.isNaN(Number(said)) ? said : Number(said)]
    }),
  )
}

describe('findings of an access file', () => {
  it('ANO-03 are as by default, and nothing holds, where nothing is said', () => {
    expect(smallAccess().findings).toBeUndefined()
  })

  it('ANO-05 may be set for every rule there is, and no other', () => {
    expect(Object.keys(rules)).toEqual([...FINDING_RULES])
  })

  it.each(Object.entries(DEFAULTS))('ANO-03 has the figures of %s that people are told', (rule, defaults) => {
    expect(toldDefaults(rule)).toEqual(defaults)
  })

  it('ANO-03 are read with durations in seconds, and only what is said', () => {
    const findings = `
findings:
  offices: [203.0.113.0/24]
  request-spike: { factor: 2.5, least: 8 }
  first-time: { known: 30d }
  repeated-denial: { within: 14d, share: 0.5 }
  ineligible-probing: { within: 1h, holds: true }
  serial-extension: { within: 2d }
  quick-decisions: { within: 1m }
  bulk-decisions: { within: 10m }
  long-lived: { risk: low }
  drift: { holds: true }
  outside-change: { off: true }`

    expect(validAccess(edited('unansweredAfter: 4h', `unansweredAfter: 4h${findings}`)).access.findings).toEqual({
      offices: ['203.0.113.0/24'],
      rules: {
        'request-spike': { factor: 2.5, least: 8 },
        'first-time': { knownSeconds: 30 * 86_400 },
        'repeated-denial': { withinSeconds: 14 * 86_400, share: 0.5 },
        'ineligible-probing': { withinSeconds: 3600, holds: true },
        'serial-extension': { withinSeconds: 2 * 86_400 },
        'quick-decisions': { withinSeconds: 60 },
        'bulk-decisions': { withinSeconds: 600 },
        'long-lived': { risk: 'low' },
        drift: { holds: true },
        'outside-change': { isOff: true },
      },
    })
  })

  it('POL-01 change the hash of the file', () => {
    const strict = edited('unansweredAfter: 4h', 'unansweredAfter: 4h\nfindings: { drift: { holds: true } }')

    expect(validAccess(strict).hash).not.toBe(validAccess(edited('Acme', 'Acme')).hash)
  })
})
