import type { House } from '../house.ts'
import { Account } from './aws.ts'
import { Hold } from './hold.ts'
import type { Narrator } from './narrator.ts'

/** What every scene of the demo has at hand. */
export interface Play {
  readonly house: House
  readonly narrator: Narrator
  readonly account: Account
  readonly hold: Hold
  /** Where what the play leaves behind goes. */
  readonly folder: string
  /** Whether the detachment stays held back for good, so that the demo has to fail. */
  readonly isDetachSabotaged: boolean
}

export function playOf(house: House, others: Pick<Play, 'narrator' | 'folder' | 'isDetachSabotaged'>): Play {
  return { house, account: new Account(house), hold: new Hold(house), ...others }
}
