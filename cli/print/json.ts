import type { Surroundings } from '../surroundings.ts'

/** One JSON document on `out`, readable and with a line break at its end. */
export function printJson({ out }: Pick<Surroundings, 'out'>, value: unknown): void {
  out.write(`${JSON.stringify(value, null, 2)}\n`)
}
