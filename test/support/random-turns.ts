import type { Faults } from './faults.ts'
import type { SeededChance } from './seeded-chance.ts'

/** From now on every call of the fakes gives way to others up to so many times before it is made, as chance has it. */
export function takeRandomTurns(faults: Faults, chance: SeededChance, most: number): void {
  const around = faults.around.bind(faults)
  faults.around = async (call, apply) => {
    for (let turns = chance.below(most + 1); turns > 0; turns -= 1) await new Promise(resolve => setImmediate(resolve))
    return around(call, apply)
  }
}
