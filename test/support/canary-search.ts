import {
  type Canary,
  type CanaryKind,
  PLACE_KINDS,
  type Place,
  type PlaceKind,
  type SearchedHouse,
  type Sighting,
} from './canary.ts'
import { accessLogLine, accessLogPlaces } from './canary-access-log.ts'
import { LOGGED } from './canary-failures.ts'
import { CanaryNet } from './canary-net.ts'
import { placesOf } from './canary-places.ts'
import { isPlanted, plant, plantedCanaries, plantedSights } from './canary-planting.ts'
import { isMeantToBeThere, secretsOf } from './canary-secrets.ts'

export interface Searched {
  readonly secrets: ReadonlyMap<CanaryKind, number>
  readonly places: ReadonlyMap<PlaceKind, number>
  readonly characters: number
  /** Numbers of six digits that could have been taken for a code. */
  readonly numbersSeen: number
  /** Each kind of canary in each kind of place it was put into for a test, and not found. */
  readonly missed: readonly string[]
  /** Which failures with a secret at hand have left a line in a log. */
  readonly logged: ReadonlySet<string>
  readonly leaked: readonly Sighting[]
  /** Task tokens where they must be. */
  readonly meant: readonly Sighting[]
  readonly canaries: readonly Canary[]
}

const TEXTS_A_LINE = 10_000

/** Looks for every secret of a house in all it has left behind. Some are planted first: a search that misses one of them has shown nothing. */
export async function searchHouse(
  house: SearchedHouse,
  more: readonly Canary[],
  progress: (line: string) => void,
): Promise<Searched> {
  const planted = plantedCanaries()
  await plant(house, planted)
  const canaries = [...(await secretsOf(house)), ...more]
  // What was signed is to be known by its look.
  const net = new CanaryNet([...canaries, ...planted.filter(({ kind }) => kind !== 'signature')])
  const sightings: Sighting[] = []
  const places = new Map<PlaceKind, number>()
  const logged = new Set<string>()
  let characters = 0
  let texts = 0
  const look = (place: Place) => {
    places.set(place.kind, (places.get(place.kind) ?? 0) + 1)
    texts += 1
    if (texts % TEXTS_A_LINE === 0) progress(`${texts} texts searched, the last a ${place.kind}`)
    characters += place.text.length
    sightings.push(...net.sightings(place))
    if (place.kind === 'log line') for (const line of LOGGED) if (place.text.includes(line)) logged.add(line)
  }
  for await (const place of placesOf(house)) look(place)
  const tokens = canaries.filter(({ kind }) => kind === 'link token').map(({ value }) => value)
  for (const place of await accessLogPlaces(house, tokens)) look(place)
  look(accessLogLine('{"path":"$context.path"}', planted[0]?.value ?? ''))

  const found = new Set(sightings.filter(isPlanted).map(({ kind, place }) => `${kind} in ${place}`))
  const real = sightings.filter(sighting => !isPlanted(sighting))
  const meant = real.filter(sighting => isMeantToBeThere(sighting, house))
  return {
    secrets: countBy(canaries, ({ kind }) => kind),
    places,
    characters,
    numbersSeen: net.numbersSeen,
    missed: plantedSights(PLACE_KINDS).filter(sight => !found.has(sight)),
    logged,
    leaked: real.filter(sighting => !meant.includes(sighting)),
    meant,
    canaries,
  }
}

function countBy<One, Key>(many: readonly One[], keyOf: (one: One) => Key): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>()
  for (const one of many) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return counts
}
