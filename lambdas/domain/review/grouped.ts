/** The member of a map under a key, made when it is not there yet. */
export function memberOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

/** Puts the members of `from` into `into`, merging those both have. */
export function mergeMaps<Key, Value>(
  into: Map<Key, Value>,
  from: ReadonlyMap<Key, Value>,
  merge: (a: Value, b: Value) => Value,
): Map<Key, Value> {
  for (const [key, value] of from) {
    const mine = into.get(key)
    into.set(key, mine === undefined ? value : merge(mine, value))
  }
  return into
}

/** Order of texts by code unit: the same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The first `limit` of a list in the given order. Keeping them of each part and again of all parts keeps them of the whole. */
export function firstOf<Item>(items: readonly Item[], limit: number, order: (a: Item, b: Item) => number): Item[] {
  return [...items].sort(order).slice(0, limit)
}
