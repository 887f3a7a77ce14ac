import { INELIGIBLE_PROBING } from '../../lambdas/domain/findings/ineligible-probing.ts'
import { UNUSED_GRANT } from '../../lambdas/domain/findings/unused-grant.ts'
import type { Flaw, Path } from './flaw.ts'
import type { SoundParts } from './sound-parts.ts'
import { onValue } from './time-limits.ts'

/** Rules that say nothing, rules that are off and say more, and figures that are never reached. */
export function findingFlaws({ findings, hours }: SoundParts): readonly Flaw[] {
  const { declared, probing, unused } = findings
  const { refusals, entitlements } = { ...INELIGIBLE_PROBING, ...probing }
  const { unused: most, of } = { ...UNUSED_GRANT, ...unused }
  return [
    ...Object.entries(declared).flatMap(([rule, keys]) => switchFlaws(['findings', rule], keys)),
    ...[
      probing !== undefined &&
        entitlements > refusals && {
          path: ['findings', 'ineligible-probing'],
          message: `${refusals} refusals are never of ${entitlements} entitlements`,
          fix: `write ${refusals} entitlements or fewer, or more refusals`,
        },
      unused !== undefined &&
        most > of && {
          path: ['findings', 'unused-grant'],
          message: `of ${of} grants, ${most} are never unused`,
          fix: `write ${of} or less for unused, or more for of`,
        },
      'off-hours' in declared &&
        !hours && {
          path: ['findings', 'off-hours'],
          message: 'the file does not say when the hours are',
          fix: 'add hours: at the top of the file, or take it out',
        },
    ].flatMap(onValue),
  ]
}

function switchFlaws(path: Path, keys: readonly string[]): readonly Flaw[] {
  const rule = path.at(-1)
  if (keys.length === 0)
    return [{ path, on: 'key', message: `${rule} says nothing`, fix: 'add off, holds or a figure, or take it out' }]
  if (!keys.includes('off') || keys.length === 1) return []
  return [{ path: [...path, 'off'], on: 'key', message: `${rule} is off and says more`, fix: 'take one of them out' }]
}
