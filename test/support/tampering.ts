import { gunzipSync, gzipSync } from 'node:zlib'
import { readLine } from '../../lambdas/contract/archive-line.ts'
import { digestText, readDigest } from '../../lambdas/contract/daily-digest.ts'
import { digestHash, headsOf, type SignedDigest } from '../../lambdas/domain/archive/daily-digest.ts'
import { lineOfEvent } from '../../lambdas/domain/archive/line.ts'
import { digestKey, partAt } from '../../lambdas/domain/archive/places.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { chained, type LedgerEvent } from '../../lambdas/domain/ledger.ts'
import type { SeededChance } from './seeded-chance.ts'

/** Files by name, as they lie in a folder. */
export type Files = ReadonlyMap<string, Buffer>

/** What somebody did to them: new content, or undefined for a file taken away; and the request whose events they touched. */
export interface Tampering {
  readonly files: ReadonlyMap<string, Buffer | undefined>
  readonly requestId?: string | undefined
}

type Tamper = (files: Files, chance: SeededChance) => Tampering

/** Every way to tamper with an archive that has neither the private key nor more than one night. */
export const TAMPERINGS: Readonly<Record<string, Tamper>> = {
  'flips a bit of a file': (files, chance) => {
    const [name, content] = anyOf([...files], chance)
    const changed = Buffer.from(content)
    const at = chance.below(changed.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << chance.below(8))
    return { files: new Map([[name, changed]]) }
  },
  'cuts a file off': (files, chance) => {
    const [name, content] = anyOf([...files], chance)
    return { files: new Map([[name, content.subarray(0, chance.below(content.length))]]) }
  },
  'takes a file away': (files, chance) => ({ files: new Map([[anyOf([...files], chance)[0], undefined]]) }),
  'puts a part into another day': (files, chance) => {
    const [name, content] = anyOf(eventParts(files), chance)
    return {
      files: new Map([
        [name, undefined],
        [name.replace(/day=[\d-]+/, 'day=2027-02-28'), content],
      ]),
    }
  },
  'adds a part': (files, chance) => {
    const [name, content] = anyOf(eventParts(files), chance)
    return { files: new Map([[name.replace(/-\d+\.jsonl/, '-9.jsonl'), content]]) }
  },
  'changes a field of an event': withLines((lines, chance) => {
    const at = chance.below(lines.length)
    const event = eventOf(lines[at])
    const changed = { ...event, actor: { person: 'mallory' } }
    return { lines: lines.with(at, lineOfEvent(changed).text), requestId: event.requestId }
  }),
  'changes a field and the hash with it': withLines((lines, chance) => {
    const at = chance.below(lines.length)
    const { requestId, sequence, type, at: when, details, previousHash } = eventOf(lines[at])
    const fact = { type, at: when, actor: { person: 'mallory' }, details }
    const changed = chained(requestId, { sequence: sequence - 1, hash: previousHash }, fact)
    return { lines: lines.with(at, lineOfEvent(changed).text), requestId }
  }),
  'drops an event': withLines((lines, chance) => {
    const at = chance.below(lines.length)
    return { lines: lines.toSpliced(at, 1), requestId: eventOf(lines[at]).requestId }
  }),
  'drops the last event of a request': withLines((lines, chance) => {
    const { requestId } = eventOf(lines[chance.below(lines.length)])
    const at = lines.findLastIndex(line => eventOf(line).requestId === requestId)
    return { lines: lines.toSpliced(at, 1), requestId }
  }),
  'drops all events of a request': withLines((lines, chance) => {
    const { requestId } = eventOf(lines[chance.below(lines.length)])
    return { lines: lines.filter(line => eventOf(line).requestId !== requestId), requestId }
  }),
  'swaps two events': withLines((lines, chance) => {
    const [one, other] = [chance.below(lines.length - 1), lines.length - 1]
    const [a = '', b = ''] = [lines[one], lines[other]]
    return { lines: lines.with(one, b).with(other, a), requestId: eventOf(a).requestId }
  }),
  'has an event twice': withLines((lines, chance) => {
    const at = chance.below(lines.length)
    return { lines: lines.toSpliced(at, 0, lines[at] ?? ''), requestId: eventOf(lines[at]).requestId }
  }),
  'puts an event in': withLines((lines, chance) => {
    const at = chance.below(lines.length)
    const before = eventOf(lines[at])
    const { requestId, sequence, hash } = before
    const forged = chained(requestId, { sequence, hash }, { ...before, actor: { person: 'mallory' } })
    return { lines: lines.toSpliced(at + 1, 0, lineOfEvent(forged).text), requestId }
  }),
  'packs the lines of a part anew': (files, chance) => {
    const [name, content] = anyOf(eventParts(files), chance)
    return { files: new Map([[name, gzipSync(gunzipSync(content), { level: 1 })]]) }
  },
  'spells a signature in another way': (files, chance) => {
    const [name, content] = anyOf(namesBelow(files, 'digests/'), chance)
    const digest = readDigest(name, String(content))
    const { value } = digest.signature
    const other = value.endsWith('=') ? value.replaceAll('=', '') : `${value}=`
    return {
      files: new Map([
        [name, Buffer.from(digestText({ ...digest, signature: { ...digest.signature, value: other } }))],
      ]),
    }
  },
  'puts one digest in the place of another': (files, chance) => {
    const digests = namesBelow(files, 'digests/')
    const [one] = anyOf(digests, chance)
    const [, content] = anyOf(
      digests.filter(([name]) => name !== one),
      chance,
    )
    return { files: new Map([[one, content]]) }
  },
  'takes a day away, with its digest': (files, chance) => {
    // Of the last day nobody can tell but by --until, which has a test of its own.
    const [[name]] = [anyOf(namesBelow(files, 'digests/').slice(0, -1), chance)]
    const day = name.slice('digests/'.length, -'.json'.length)
    return { files: new Map([...files.keys()].filter(key => key.includes(day)).map(key => [key, undefined])) }
  },
  'takes a request away wherever it stands': (files, chance) => {
    const [, content] = anyOf(eventParts(files), chance)
    const lines = linesOf(content)
    const { requestId } = eventOf(lines[chance.below(lines.length)])
    const parts = namesBelow(files, '').filter(([name]) => name.endsWith('.jsonl.gz'))
    const changed = parts.flatMap(([name, part]) => {
      const [before, after] = [linesOf(part), linesOf(part).filter(line => !line.includes(requestId))]
      return after.length < before.length ? [[name, contentOf(after)] as const] : []
    })
    return { files: new Map(changed), requestId }
  },
  'changes a request as it was when it was over': (files, chance) => {
    const [name, content] = anyOf(namesBelow(files, 'requests/'), chance)
    const lines = linesOf(content)
    const at = chance.below(lines.length)
    const changed = (lines[at] ?? '').replace(/"reason":"[^"]*"/, '"reason":"another"')
    return { files: new Map([[name, contentOf(lines.with(at, changed))]]) }
  },
  'swaps the files of two days': (files, chance) => {
    const parts = eventParts(files)
    const [one, content] = anyOf(parts, chance)
    const [other, otherContent] = anyOf(
      parts.filter(([name]) => name !== one),
      chance,
    )
    return {
      files: new Map([
        [one, otherContent],
        [other, content],
      ]),
    }
  },
  'rewrites an event and all that hangs on it, but for the signature': (files, chance) => {
    const [name, content] = anyOf(eventParts(files), chance)
    const lines = linesOf(content)
    const { requestId } = eventOf(lines[chance.below(lines.length)])
    return { files: rewritten(files, name, lines, requestId), requestId }
  },
}

type Change = (lines: readonly string[], chance: SeededChance) => { lines: readonly string[]; requestId: string }

function withLines(change: Change): Tamper {
  return (files, chance) => {
    const [name, content] = anyOf(eventParts(files), chance)
    const { lines, requestId } = change(linesOf(content), chance)
    return { files: new Map([[name, contentOf(lines)]]), requestId }
  }
}

/** The events of a request from the first of this part on, made anew and chained; object, head, and every digest from then on set right. */
function rewritten(files: Files, part: string, lines: readonly string[], requestId: string): Map<string, Buffer> {
  let head: { sequence: number; hash: string } | undefined
  const forged = lines.map(line => {
    const event = eventOf(line)
    if (event.requestId !== requestId) return line
    const before = head ?? { sequence: event.sequence - 1, hash: event.previousHash }
    const next = chained(requestId, before, { ...event, actor: { person: 'mallory' } })
    head = { sequence: next.sequence, hash: next.hash }
    return lineOfEvent(next).text
  })
  const content = contentOf(forged)
  const changed = new Map([[part, content]])
  let previous: SignedDigest | undefined
  for (const [file, text] of namesBelow(files, 'digests/')) {
    const digest = readDigest(file, String(text))
    const isIts = digest.day === partAt(part)?.sealed
    const objects = digest.objects.map(object =>
      object.key === part ? { key: part, bytes: content.length, sha256: sha256(content) } : object,
    )
    const others = digest.heads.filter(each => each.requestId !== requestId)
    const heads = isIts && head ? headsOf([...others, { requestId, ...head }]) : digest.heads
    const body = { ...digest, objects, heads, previousHash: previous?.hash ?? digest.previousHash }
    previous = { ...body, hash: digestHash(body) }
    changed.set(digestKey(digest.day), Buffer.from(digestText(previous)))
  }
  return changed
}

function eventParts(files: Files) {
  return namesBelow(files, 'events/')
}

function namesBelow(files: Files, prefix: string) {
  return [...files].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1))
}

function linesOf(content: Buffer): readonly string[] {
  return gunzipSync(content).toString('utf8').split('\n').slice(0, -1)
}

function contentOf(lines: readonly string[]): Buffer {
  return gzipSync(lines.map(line => `${line}\n`).join(''), { level: 9 })
}

function eventOf(line: string | undefined): LedgerEvent {
  const { event } = readLine('events', line ?? '')
  if (!event) throw new TypeError('the line is no event')
  return event
}

function anyOf<T>(values: readonly T[], chance: SeededChance): T {
  const value = values[chance.below(values.length)]
  if (value === undefined) throw new RangeError('there is nothing to choose from')
  return value
}
