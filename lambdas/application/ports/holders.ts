import type { Holders, SharedRights } from '../../domain/outside-change.ts'

/** Who has rights that several may have. */
export interface HoldersOf {
  /** By name, through groups too; nobody has what is gone. */
  holdersOf(shared: SharedRights): Promise<Holders>
}
