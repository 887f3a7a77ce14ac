import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod/mini'
import { $ReviewManifest } from '../api/answers.ts'
import type { Api } from '../api/api.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { command } from '../command.ts'
import { BrokenWorldError } from '../errors.ts'
import { EXIT } from '../exit.ts'
import { $text } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { table } from '../print/table.ts'

/** A name that stays in the folder it is written to. */
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const MANIFEST = 'manifest.json'

export const reviewDownload = command({
  name: 'review download',
  does: 'download the pack of a review and check every file against its manifest',
  examples: ['lapse review download 2026-Q4', 'lapse review download 2026-Q4 --version 1 --to evidence'],
  arguments: [{ form: '<period>', does: 'the period of the review' }],
  options: [
    { form: '--version <version>', does: 'an older version (default: the newest finished one)' },
    { form: '--to <folder>', does: 'where to (default: review-<period>)' },
    ...API_OPTIONS,
  ],
  given: z.object({
    ...apiGiven,
    period: z.string().check(z.regex(/^[0-9Q.-]{6,32}$/, 'must be a period such as 2026-Q4')),
    version: z.optional(z.string().check(z.regex(/^[1-9]\d{0,5}$/, 'must be a whole number'))),
    to: $text,
  }),
  async run({ period, version, to, json, ...endpoint }, surroundings) {
    const api = apiOf(endpoint, surroundings)
    const path = `/reviews/${period}`
    const query = version === undefined ? '' : `?version=${version}`
    const { manifest } = parsedAnswer($ReviewManifest, await api.get(path + query))
    if (!manifest)
      throw new BrokenWorldError(`the review of ${period} has no finished version yet; see lapse review list`)
    const folder = resolve(surroundings.workingFolder, to ?? `review-${period}`)
    mkdirSync(folder, { recursive: true })
    // One edition throughout, also when a newer one is finished meanwhile.
    const edition = `?version=${manifest.version}`
    for (const file of manifest.files) await save(api, `${path}/files`, edition, folder, file)
    writeFileSync(join(folder, MANIFEST), await api.download(`${path}/files/${MANIFEST}${edition}`))
    const { out } = surroundings
    if (json) printJson(surroundings, { period, version: manifest.version, folder, files: manifest.files })
    else {
      const columns = {
        file: ({ name }: File) => name,
        bytes: ({ bytes }: File) => bytes,
        sha256: ({ sha256 }: File) => sha256,
      }
      out.write(table<File>(columns, manifest.files, inkFor(out, surroundings)))
      out.write(`Version ${manifest.version}, every file as its manifest says, in ${folder}\n`)
    }
    return EXIT.ok
  },
})

interface File {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** A file is written only if it is the one the manifest names. */
async function save(api: Api, path: string, edition: string, folder: string, { name, bytes, sha256 }: File) {
  if (!SAFE_NAME.test(name)) throw new BrokenWorldError(`the manifest names a file ${JSON.stringify(name)}`)
  const content = await api.download(`${path}/${name}${edition}`)
  const hash = createHash('sha256').update(content).digest('hex')
  if (content.length !== bytes || hash !== sha256) {
    throw new BrokenWorldError(`${name} is not what the manifest says: ${content.length} bytes, SHA-256 ${hash}`)
  }
  writeFileSync(join(folder, name), content)
}
