import { createHash } from 'node:crypto'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { proofOf } from '../../cli/report/proof.ts'
import { reportOf } from '../../cli/report/report.ts'
import { reportText } from '../../cli/report/report-text.ts'
import { $ReportedRequest } from '../../cli/report/reported-request.ts'
import { $Manifest } from '../../lambdas/contract/review.ts'
import { ApiAs } from './api.ts'
import { must } from './narrator.ts'
import type { Play } from './play.ts'
import { eventually } from './waiting.ts'

const MANIFEST = 'manifest.json'
const $Opened = z.object({ period: z.string(), version: z.number() })
const $Review = z.object({ status: z.string(), manifest: z.optional($Manifest) })

/** Erin the auditor has the review of the quarter made, and takes its files. */
export async function reviewPack({ house, narrator, folder }: Play, requestId: string): Promise<void> {
  narrator.chapter('The review')
  const erin = new ApiAs(house, 'erin')
  const { period, manifest } = await narrator.step('erin', 'asks for the review of this quarter', async () => {
    const opened = $Opened.parse(await erin.post('/reviews', 202, {}))
    const made = await eventually('finished review', 60, async () => {
      const review = $Review.parse(await erin.get(`/reviews/${opened.period}`))
      must(review.status !== 'FAILED', 'its production failed')
      return review.status === 'READY' ? review.manifest : undefined
    })
    const { counts, chain, lingering } = made
    must(chain === 'intact' && lingering === 0, `the ledger is ${chain}, ${lingering} grants linger`)
    const words = `${opened.period}: ${counts.requests} requests, ${counts.grants} grant, ${counts.events} events, the ledger intact, none lingers`
    return [words, { period: opened.period, manifest: made }]
  })
  const pack = join(folder, 'review')
  const files = await narrator.step('erin', 'downloads the pack', async () => {
    await mkdir(pack, { recursive: true })
    const names = [...manifest.files.map(({ name }) => name), MANIFEST]
    const taken: { readonly name: string; readonly content: Uint8Array }[] = []
    for (const name of names) {
      const content = await erin.download(`/reviews/${period}/files/${name}`)
      await writeFile(join(pack, name), content)
      taken.push({ name, content })
    }
    for (const { name, sha256 } of manifest.files) {
      const content = taken.find(file => file.name === name)?.content ?? ''
      must(createHash('sha256').update(content).digest('hex') === sha256, `${name} is not what the manifest says`)
    }
    return [`${names.length} files, each with the SHA-256 the manifest says`, taken]
  })
  await narrator.step('erin', 'looks up Alice’s grant in sessions.csv', async () => {
    const csv = Buffer.from(files.find(({ name }) => name === 'sessions.csv')?.content ?? '').toString('utf8')
    must(
      csv.split('\n').some(line => line.includes(requestId)),
      'it is not there',
    )
    await copyFile(join(pack, 'report.html'), join(folder, 'report.html'))
    return ['there it is: who, what, why, by whom, from when to when', undefined]
  })
  await narrator.step('erin', 'has the report of Alice’s grant made, as `lapse report` prints it', async () => {
    const request = $ReportedRequest.parse(await erin.get(`/requests/${requestId}`))
    const proof = proofOf(request, undefined)
    must(proof.flaws.length === 0, `its events do not prove it: ${proof.flaws.join('; ')}`)
    const text = reportText(reportOf(request), proof, (_, plain) => plain)
    await writeFile(join(folder, 'report-of-alices-grant.txt'), text)
    return [`who, which resources, why, when; the ${proof.events} events prove each other`, undefined]
  })
}
