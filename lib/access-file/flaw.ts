/** Where in the access file: keys and list positions from the top. */
export type Path = readonly (string | number)[]

/** Something wrong at a path, before its line is known. `message` and `fix` are clauses without a full stop. */
export interface Flaw {
  readonly path: Path
  /** Whether to point at the key rather than at its value. */
  readonly on: 'key' | 'value'
  readonly message: string
  readonly fix: string
}

/** A path as people write it: `entitlements.orders-read.rules[0].allow[1]`. */
export function toPathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}
