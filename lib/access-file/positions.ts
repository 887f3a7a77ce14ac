import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml'
import type { Flaw } from './flaw.ts'

export interface Position {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

/** Where a flaw is in the text: at its path, or at the last part of the path that exists when something is missing. */
export function positionOf(document: Document, lines: LineCounter, flaw: Pick<Flaw, 'path' | 'on'>): Position {
  const { line, col } = lines.linePos(offsetOf(document, flaw))
  return { line, column: col }
}

function offsetOf(document: Document, { path, on }: Pick<Flaw, 'path' | 'on'>): number {
  let node: unknown = document.contents
  let offsets = { key: startOf(node) ?? 0, value: startOf(node) ?? 0 }
  for (const step of path) {
    const child = childOf(document, node, step)
    if (!child) return offsets.key
    offsets = child.offsets
    node = child.node
  }
  return offsets[on]
}

function childOf(document: Document, node: unknown, step: string | number) {
  const parent = isAlias(node) ? node.resolve(document) : node
  if (isSeq(parent)) {
    const item = parent.items[Number(step)]
    const start = startOf(item)
    return start === undefined ? undefined : { node: item, offsets: { key: start, value: start } }
  }
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  const key = startOf(pair?.key)
  if (!pair || key === undefined) return undefined
  // An empty value has no place of its own: point at its key.
  const value = isScalar(pair.value) && pair.value.value === null ? key : (startOf(pair.value) ?? key)
  return { node: pair.value, offsets: { key, value } }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
