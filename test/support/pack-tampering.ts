import { sha256 } from '../../lambdas/domain/digest.ts'
import type { SeededChance } from './seeded-chance.ts'
import type { Files } from './tampering.ts'

/** What somebody did to the files of a pack: new content, or undefined for a file taken away. */
type Changes = ReadonlyMap<string, Buffer | undefined>

const MANIFEST = 'manifest.json'

/** Every way to tamper with an exported pack of a review. */
export const PACK_TAMPERINGS: Readonly<Record<string, (files: Files, chance: SeededChance) => Changes>> = {
  'flips a bit': (files, chance) => {
    const [name, content] = anyOf([...files], chance)
    const changed = Buffer.from(content)
    const at = chance.below(changed.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << chance.below(8))
    return new Map([[name, changed]])
  },
  'cuts a file off': (files, chance) => {
    const [name, content] = anyOf([...files], chance)
    return new Map([[name, content.subarray(0, chance.below(content.length))]])
  },
  'takes a file away': (files, chance) => new Map([[anyOf([...files], chance)[0], undefined]]),
  'adds a file': (files, chance) => new Map([[`more-${chance.below(1e6)}.csv`, anyOf([...files], chance)[1]]]),
  'gives a file another name': (files, chance) => {
    const [name, content] = anyOf(filesOf(files), chance)
    return new Map([
      [name, undefined],
      [`old-${name}`, content],
    ])
  },
  'gives a file the content of another': (files, chance) => {
    const [one, other] = twoOf(filesOf(files), chance)
    return new Map([[one[0], other[1]]])
  },
  'swaps two files': (files, chance) => {
    const [one, other] = twoOf(filesOf(files), chance)
    return new Map([
      [one[0], other[1]],
      [other[0], one[1]],
    ])
  },
  'drops a line': withLines((lines, at) => lines.toSpliced(at, 1)),
  'has a line twice': withLines((lines, at) => lines.toSpliced(at, 0, lines[at] ?? '')),
  'puts a line in': withLines((lines, at, chance) => lines.toSpliced(at, 0, `mallory,${chance.below(1e6)}`)),
  'swaps two lines': withLines((lines, at) => {
    const [first = '', last = ''] = [lines[at], lines.at(-1)]
    return lines.with(at, last).with(lines.length - 1, first)
  }),
  'changes a file, and the manifest with it': (files, chance) => {
    const [name, content] = anyOf(filesOf(files), chance)
    const changed = Buffer.concat([content, Buffer.from('x')])
    const isIts = (text: string) => text.replaceAll(sha256(content), sha256(changed))
    return new Map([
      [name, changed],
      [MANIFEST, Buffer.from(isIts(manifestOf(files)).replace(/\s+$/, ''))],
    ])
  },
  'changes a figure of the manifest': (files, chance) =>
    new Map([
      [MANIFEST, Buffer.from(manifestOf(files).replace(/"grants": \d+/, `"grants": ${1 + chance.below(1e6)}`))],
    ]),
}

function withLines(change: (lines: readonly string[], at: number, chance: SeededChance) => readonly string[]) {
  return (files: Files, chance: SeededChance): Changes => {
    const [name, content] = anyOf(filesOf(files), chance)
    const lines = String(content).split('\n').slice(0, -1)
    return new Map([
      [
        name,
        Buffer.from(
          change(lines, chance.below(lines.length - 1), chance)
            .map(line => `${line}\n`)
            .join(''),
        ),
      ],
    ])
  }
}

/** All but the manifest. */
function filesOf(files: Files): readonly [string, Buffer][] {
  return [...files].filter(([name]) => name !== MANIFEST)
}

function manifestOf(files: Files): string {
  return String(files.get(MANIFEST))
}

function twoOf<T>(values: readonly T[], chance: SeededChance): readonly [T, T] {
  const one = anyOf(values, chance)
  const others = values.filter(value => value !== one)
  return [one, anyOf(others, chance)]
}

function anyOf<T>(values: readonly T[], chance: SeededChance): T {
  const value = values[chance.below(values.length)]
  if (value === undefined) throw new RangeError('there is nothing to choose from')
  return value
}
