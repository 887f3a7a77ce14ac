import type { Fence } from '../../lambdas/domain/fence.ts'
import type { Flaw, Path } from './flaw.ts'
import type { PersonForm } from './schema.ts'
import type { SoundParts } from './sound-parts.ts'

/**
 * People who would be taken for one another. One human is one person id: an e-mail or principal of two people would let
 * someone approve what they asked for. Case does not count, as in IAM user names and in most mail boxes; session names that differ in
 * case are two to AWS and one to a reader.
 */
export function peopleFlaws(parts: SoundParts): readonly Flaw[] {
  return [...sharedFlaws(parts), ...nameFlaws(parts)]
}

function sharedFlaws({ people }: SoundParts): readonly Flaw[] {
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
            typeof principal === 'string'
              ? claim(id, ['people', id, 'principals', index], 'principal', principal)
              : claim(id, ['people', id, 'principals', index], 'session', `${principal.session} of ${principal.role}`),
          ),
        ],
  )
}

/**
 * An account has one user and one role of a name, whatever their paths: of two, one is somebody Lapse would never meet. And the ARN of a
 * session has no path, so two roles of one name could not be told apart.
 */
function nameFlaws({ people }: SoundParts): readonly Flaw[] {
  const firsts = new Map<string, string>()
  return Object.entries(people).flatMap(([id, person]) =>
    (person?.principals ?? []).flatMap((principal, index): readonly Flaw[] => {
      const isUser = typeof principal === 'string'
      const whole = isUser ? principal : principal.role
      const kind = isUser ? 'user' : 'role'
      const key = `${kind} ${whole.slice(whole.lastIndexOf('/') + 1)}`.toLowerCase()
      const first = firsts.get(key) ?? whole
      firsts.set(key, first)
      // A user that is listed twice is told of as such.
      if (first === whole || (isUser && first.toLowerCase() === whole.toLowerCase())) return []
      const path: Path = ['people', id, 'principals', index, ...(isUser ? [] : ['role'])]
      const message = `${whole} has the name of ${first}, and an account has one ${kind} of a name`
      return [{ path, on: 'value', message, fix: `write the path and case the ${kind} has in IAM` }]
    }),
  )
}

/** As long as the unique ids IAM gives. */
const UNIQUE_ID = 'AIDAXXXXXXXXXXXXXXXXX'

/** The person of a fence at its longest: no grant of anybody in the file has more characters of this. */
export function longestPerson({ people }: SoundParts): Pick<Fence, 'userId' | 'sourceIdentity'> {
  const sessions = Object.values(people).flatMap((person: PersonForm | undefined) =>
    (person?.principals ?? []).flatMap(principal => (typeof principal === 'string' ? [] : [principal])),
  )
  const longest = (texts: readonly string[]) => texts.toSorted((a, b) => b.length - a.length)[0]
  const session = longest(sessions.map(one => one.session))
  return {
    userId: session === undefined ? UNIQUE_ID : `${UNIQUE_ID}:${session}`,
    sourceIdentity: longest(sessions.flatMap(one => one.sourceIdentity ?? [])),
  }
}
