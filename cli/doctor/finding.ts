import { reasonOf } from '../errors.ts'
import { plainLine } from '../print/plain-line.ts'

/** What came of looking. What could not be looked at is never called fine. */
export type Verdict =
  | { readonly verdict: 'fine'; readonly detail: string }
  | { readonly verdict: 'missing'; readonly detail: string; readonly remedy: string }
  | { readonly verdict: 'could not check'; readonly detail: string }

export type Finding = {
  /** What was looked at, in a few words. */
  readonly check: string
} & Verdict

/** Runs a check; what breaks it is told as what could not be checked. */
export async function attempted(check: string, look: () => Promise<Verdict>): Promise<Finding> {
  try {
    return { check, ...(await look()) }
  } catch (error) {
    return { check, verdict: 'could not check', detail: plainLine(reasonOf(error)) }
  }
}
