import { type MeasureDeps, measureHouse } from '../../application/measure-house.ts'

/** Every five minutes. The schedule says nothing that is needed. */
export function createHandler(deps: MeasureDeps) {
  return () => measureHouse(deps)
}
