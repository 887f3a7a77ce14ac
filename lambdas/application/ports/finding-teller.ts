import type { Finding } from '../../domain/findings/finding.ts'

/** Tells beyond Lapse that a finding was opened. Told twice, it says the same twice. Throws when it could not be told. */
export interface FindingTeller {
  /** @param person whose it is; none where its subject is nobody of the access file. */
  tellOpened(finding: Finding, person: string | undefined): Promise<void>
}
