import type { Flaw, Path } from './flaw.ts'
import type { SoundParts } from './sound-parts.ts'

/**
 * People who would be taken for one another. One human is one person id: an e-mail or principal of two people would let
 * someone approve what they asked for. Case does not count, as in IAM user names and in most mail boxes.
 */
export function peopleFlaws({ people }: SoundParts): readonly Flaw[] {
  const owners = new Map<string, string>()
  const claim = (id: string, path: Path, what: string, value: string): readonly Flaw[] => {
    const key = `${what} ${value.toLowerCase()}`
    const owner = owners.get(key)
    if (owner === undefined) {
      owners.set(key, id)
      return []
    }
    if (owner === id) return [{ path, on: 'value', message: `the ${what} ${value} is listed twice`, fix: 'keep one' }]
    const fix = `give ${id} their own, or make ${owner} and ${id} one person`
    return [{ path, on: 'value', message: `the ${what} ${value} belongs to ${owner} already`, fix }]
  }
  return Object.entries(people).flatMap(([id, person]) =>
    person === undefined
      ? []
      : [
          ...claim(id, ['people', id, 'email'], 'e-mail', person.email),
          ...(person.principals ?? []).flatMap((principal, index) =>
            claim(id, ['people', id, 'principals', index], 'principal', principal),
          ),
        ],
  )
}
