import type { FindingRule } from './finding.ts'

/** What each rule compares with. Every figure can be set in the access file; the defaults stand beside the rules. */
export interface Thresholds {
  /** Asks of one day: `factor` times what is usual, and no fewer than `least`. */
  readonly 'request-spike': { readonly factor: number; readonly least: number }
  /** Of entitlements of that risk or more, by who is known for `knownSeconds` and has asked `after` times. */
  readonly 'first-time': {
    readonly risk: Risk
    readonly after: number
    readonly knownSeconds: number
  }
  /** Farther than `graceSeconds` from the hours, by who has asked `after` times, and on fewer than `usual` nights of 91 days so. */
  readonly 'off-hours': { readonly graceSeconds: number; readonly after: number; readonly usual: number }
  /** At least `share` of the asks of that time. */
  readonly 'repeated-denial': { readonly denials: number; readonly share: number; readonly withinSeconds: number }
  /** Refusals for want of a right to ask, of so many different entitlements. */
  readonly 'ineligible-probing': {
    readonly refusals: number
    readonly entitlements: number
    readonly withinSeconds: number
  }
  /** `unused` of the last `of` grants of an entitlement whose books are closed. */
  readonly 'unused-grant': { readonly unused: number; readonly of: number }
  /** One grant prolonged that often. */
  readonly 'serial-extension': { readonly extensions: number; readonly withinSeconds: number }
  /** Of the last 28 days, an entitlement of that risk or more. */
  readonly 'long-lived': { readonly risk: Risk; readonly days: number }
  /** Approvals within `withinSeconds` of being asked: `least` of them in seven days, and more than `share` of all. */
  readonly 'quick-decisions': { readonly withinSeconds: number; readonly least: number; readonly share: number }
  /** So many decisions in 91 days, and no denial among them. */
  readonly 'always-approves': { readonly decisions: number }
  readonly 'bulk-decisions': { readonly decisions: number; readonly withinSeconds: number }
  /** `share` of at least `approvals` approvals of a requester by one approver, where others were asked too. */
  readonly 'same-pair': { readonly approvals: number; readonly share: number }
  readonly 'one-place': Nothing
  readonly 'outside-window': Nothing
  readonly drift: Nothing
  readonly 'outside-change': Nothing
}

/** That of the access file, whose types look at these. */
type Risk = 'low' | 'medium' | 'high'

type Nothing = Readonly<Record<never, never>>

/** What can be said of every rule. */
export interface Switches {
  /** Its findings refuse their subject further grants while they are open. */
  readonly holds?: boolean | undefined
  readonly isOff?: boolean | undefined
}

/** What the access file says of findings. What is left out is as it is by default, and nothing holds. */
export interface FindingSettings {
  /** Address ranges in which requester and approver may sit side by side: `203.0.113.0/24`. */
  readonly offices?: readonly string[] | undefined
  readonly rules?: { readonly [Rule in FindingRule]?: Partial<Thresholds[Rule]> & Switches } | undefined
}

/** What is said of a rule besides its thresholds; nothing where it is left out. */
export function switchesOf(settings: FindingSettings | undefined, rule: FindingRule): Switches {
  return settings?.rules?.[rule] ?? {}
}
