import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { isDay } from '../../lambdas/domain/archive/line.ts'
import { type Verdict, verifyArchive } from '../../lambdas/domain/verify/archive.ts'
import type { Finding } from '../../lambdas/domain/verify/finding.ts'
import { command } from '../command.ts'
import { reasonOf, WrongUseError } from '../errors.ts'
import { EXIT } from '../exit.ts'
import { $requestId, $switch, $text, JSON_OPTION } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { facts } from '../print/table.ts'
import type { Surroundings } from '../surroundings.ts'
import { type OpenedArchive, openArchive } from '../verify/archive-folder.ts'
import { findingLine } from '../verify/finding-line.ts'
import { type PackVerdict, verifyPackFolder } from '../verify/pack-folder.ts'

export const verify = command({
  name: 'verify',
  does: 'check an archive or the pack of a review, from files alone: every change, removal, reorder or insertion is named',
  examples: [
    'lapse verify --archive archive --public-key key.pem --until 2027-03-31',
    'lapse verify --archive archive --request 01JNQR4T8Z0000000000000000',
    'lapse verify --pack review-2027-Q1 --archive archive',
  ],
  options: [
    { form: '--archive <folder>', does: 'the archive bucket, downloaded' },
    { form: '--request <id>', does: 'only what concerns this request' },
    { form: '--pack <folder>', does: 'the pack of a review, downloaded; with --archive its manifest is checked too' },
    { form: '--public-key <file>', does: 'the only key to trust (default: those that lie in the archive)' },
    { form: '--until <day>', does: 'the last day (UTC) there must be a digest of' },
    JSON_OPTION,
  ],
  given: z.object({
    archive: $text,
    request: z.optional($requestId),
    pack: $text,
    publicKey: $text,
    until: z.optional(z.string().check(z.refine(isDay, 'must be a day such as 2027-03-31'))),
    json: $switch,
  }),
  async run({ archive, request, pack, publicKey, until, json }, surroundings) {
    if (archive === undefined && pack === undefined) throw new WrongUseError('say what to verify: --archive or --pack')
    for (const [option, given] of Object.entries({
      '--request': request,
      '--public-key': publicKey,
      '--until': until,
    })) {
      if (archive === undefined && given !== undefined) throw new WrongUseError(`${option} needs --archive`)
    }
    const at = (path: string) => resolve(surroundings.workingFolder, path)
    const pem = publicKey === undefined ? undefined : textOf(at(publicKey))
    const opened = archive === undefined ? undefined : openArchive(at(archive), pem)
    const ledger = opened && verifyArchive(opened, until)
    const packed = pack === undefined ? undefined : verifyPackFolder(at(pack), opened && vouchedBy(opened))
    const all = [...(opened?.flaws ?? []), ...(ledger?.findings ?? []), ...(packed?.findings ?? [])]
    const findings = request === undefined ? all : all.filter(({ requestId = request }) => requestId === request)
    const isMissing = request !== undefined && opened !== undefined && !ledger?.holds(request)
    if (isMissing)
      findings.push({ file: 'events/', requestId: request, what: 'the archive has no event of the request' })
    const report = { findings, opened, ledger, packed }
    if (json) printJson(surroundings, asJson(report))
    else print(report, surroundings)
    return findings.length === 0 ? EXIT.ok : EXIT.no
  },
})

interface Report {
  readonly findings: readonly Finding[]
  readonly opened: OpenedArchive | undefined
  readonly ledger: Verdict | undefined
  readonly packed: PackVerdict | undefined
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new WrongUseError(`--public-key cannot be read: ${reasonOf(cause)}`, { cause })
  }
}

/** The manifests of the last digest that is there. Whether it is signed the archive's own findings say. */
function vouchedBy({ digests }: OpenedArchive) {
  const last = digests
    .flatMap(read => (read.outcome === 'read' ? [read.digest] : []))
    .toSorted((a, b) => (a.day < b.day ? -1 : 1))
    .at(-1)
  return last?.manifests ?? []
}

function asJson({ findings, opened, ledger, packed }: Report) {
  const { requests, events, digests, lastDay } = ledger ?? {}
  const read = { requests, events, digests, lastDay, keys: opened?.trusted, packFiles: packed?.files }
  return { outcome: findings.length === 0 ? 'intact' : 'broken', findings, ...read }
}

function print({ findings, opened, ledger, packed }: Report, surroundings: Surroundings): void {
  const { out } = surroundings
  const ink = inkFor(out, surroundings)
  for (const finding of findings) out.write(`${findingLine(finding, ink)}\n`)
  out.write(
    facts(
      {
        requests: ledger?.requests,
        events: ledger?.events,
        digests: ledger?.digests,
        'last day': ledger?.lastDay,
        'trusted keys': opened?.trusted.join(', '),
        'files of the pack': packed?.files,
      },
      ink,
    ),
  )
  if (packed && !opened) out.write('Nothing vouches for the manifest itself: give --archive too.\n')
  out.write(
    findings.length === 0
      ? ink('green', 'Intact: everything is what was written.\n')
      : ink('red', `Broken: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.\n`),
  )
}
