import { secondsOfShortDuration } from '../../lambdas/domain/duration.ts'
import type { FindingSettings } from '../../lambdas/domain/findings/settings.ts'
import type { FindingsForm } from './finding-schema.ts'

/** What the access file says of findings, durations in seconds. */
export function toFindingSettings({ offices, ...form }: FindingsForm): FindingSettings {
  const { drift } = form
  const requestSpike = form['request-spike']
  const firstTime = form['first-time']
  const offHours = form['off-hours']
  const repeatedDenial = form['repeated-denial']
  const ineligibleProbing = form['ineligible-probing']
  const unusedGrant = form['unused-grant']
  const serialExtension = form['serial-extension']
  const longLived = form['long-lived']
  const quickDecisions = form['quick-decisions']
  const alwaysApproves = form['always-approves']
  const bulkDecisions = form['bulk-decisions']
  const samePair = form['same-pair']
  const onePlace = form['one-place']
  const outsideWindow = form['outside-window']
  const outsideChange = form['outside-change']
  return {
    ...(offices && { offices }),
    rules: {
      ...(requestSpike && { 'request-spike': switched(requestSpike) }),
      ...(firstTime && { 'first-time': withKnownSeconds(switched(firstTime)) }),
      ...(offHours && { 'off-hours': withGraceSeconds(switched(offHours)) }),
      ...(repeatedDenial && { 'repeated-denial': withWithinSeconds(switched(repeatedDenial)) }),
      ...(ineligibleProbing && { 'ineligible-probing': withWithinSeconds(switched(ineligibleProbing)) }),
      ...(unusedGrant && { 'unused-grant': switched(unusedGrant) }),
      ...(serialExtension && { 'serial-extension': withWithinSeconds(switched(serialExtension)) }),
      ...(longLived && { 'long-lived': switched(longLived) }),
      ...(quickDecisions && { 'quick-decisions': withWithinSeconds(switched(quickDecisions)) }),
      ...(alwaysApproves && { 'always-approves': switched(alwaysApproves) }),
      ...(bulkDecisions && { 'bulk-decisions': withWithinSeconds(switched(bulkDecisions)) }),
      ...(samePair && { 'same-pair': switched(samePair) }),
      ...(onePlace && { 'one-place': switched(onePlace) }),
      ...(outsideWindow && { 'outside-window': switched(outsideWindow) }),
      ...(drift && { drift: switched(drift) }),
      ...(outsideChange && { 'outside-change': switched(outsideChange) }),
    },
  }
}

interface SwitchForm {
  readonly holds?: true
  readonly off?: true
}

function switched<Form extends SwitchForm>({ holds, off, ...figures }: Form) {
  return { ...figures, ...(holds && { holds }), ...(off && { isOff: off }) }
}

function withKnownSeconds<Form extends { readonly known?: string }>({ known, ...figures }: Form) {
  return { ...figures, ...(known !== undefined && { knownSeconds: secondsOf(known) }) }
}

function withGraceSeconds<Form extends { readonly grace?: string }>({ grace, ...figures }: Form) {
  return { ...figures, ...(grace !== undefined && { graceSeconds: secondsOf(grace) }) }
}

function withWithinSeconds<Form extends { readonly within?: string }>({ within, ...figures }: Form) {
  return { ...figures, ...(within !== undefined && { withinSeconds: secondsOf(within) }) }
}

function secondsOf(duration: string): number {
  const seconds = secondsOfShortDuration(duration)
  if (seconds === undefined) throw new RangeError(`${duration} passed the schema and is no duration`)
  return seconds
}
