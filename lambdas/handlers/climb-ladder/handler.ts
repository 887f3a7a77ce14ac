import { climbLadder } from '../../application/climb-ladder.ts'
import type { Telling } from '../../application/tell.ts'
import { $ExecutionInput, type Climbed } from '../../contract/workflow.ts'

/** State `Climb the ladder`: what comes after a wait that ran out. */
export function createHandler(deps: Telling) {
  return (event: unknown): Promise<Climbed> => climbLadder(deps, $ExecutionInput.parse(event))
}
