import type { Flaw, Path } from './flaw.ts'
import type { SoundEntitlement } from './sound-parts.ts'

/** Ways of deciding that contradict one another: a link knows no MFA, and a signed call no code. */
export function assuranceFlaws(id: string, { approval }: SoundEntitlement): readonly Flaw[] {
  // Which of the two was meant is not known.
  if (approval.declared.includes('assurance') && !approval.assurance) return []
  const own: Path = ['entitlements', id, 'approval']
  const isSigned = approval.assurance === 'signed'
  return [
    ...(approval.mfa && !isSigned
      ? [
          {
            path: [...own, 'mfa'],
            on: 'value',
            message: 'a link knows no MFA',
            fix: 'add assurance: signed, or take mfa out',
          } as const,
        ]
      : []),
    ...(approval.code && isSigned
      ? [
          {
            path: [...own, 'code'],
            on: 'value',
            message: 'a signed decision has no code',
            fix: 'take code out',
          } as const,
        ]
      : []),
  ]
}
