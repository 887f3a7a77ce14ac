import * as z from 'zod/mini'
import type { Canary, SearchedHouse } from './canary.ts'
import { failSomeSteps } from './canary-failures.ts'
import { CanaryLives } from './canary-lives.ts'
import { tapBuses, untapBuses } from './canary-queues.ts'
import { searchHouse } from './canary-search.ts'
import { livingTokens } from './canary-secrets.ts'
import { until } from './until.ts'

/** So many approvals in a deployed house, with denials, guesses and failures between them; then the search of all it has left. */
export async function canaryRun(house: SearchedHouse, approvals: number, progress: (line: string) => void) {
  const buses = await tapBuses(house)
  try {
    const lives = new CanaryLives(house)
    const begun = Date.now()
    await lives.live(approvals, done => progress(`${done} of ${approvals} approvals`))
    await failSomeSteps(house, lives)
    await lives.over()
    const signature: Canary = { kind: 'signature', value: await presignature(lives), of: 'erin' }
    const lived = Date.now()
    const searched = await searchHouse(house, [signature], progress)
    const living = await livingTokens(
      house,
      searched.canaries.filter(({ of }) => lives.has(of)),
    )
    const seconds = { lives: (lived - begun) / 1000, search: (Date.now() - lived) / 1000 }
    return { ...searched, living, lives: lives.count, approvals: lives.approvals, seconds }
  } finally {
    await untapBuses(house, buses)
  }
}

/** The signature of a presigned address: that of a file of a review made now. */
async function presignature(lives: CanaryLives): Promise<string> {
  const opened = await lives.call('erin', 'POST', '/reviews')
  if (opened.status !== 202) throw new Error(`the review was answered ${opened.status}: ${await opened.text()}`)
  const { period } = z.object({ period: z.string() }).parse(await opened.json())
  return until(`the review of ${period} is made`, 90, async () => {
    const answer = await lives.call('erin', 'GET', `/reviews/${period}/files/manifest.json`)
    return /X-Amz-Signature=([0-9a-f]{64})/.exec(answer.headers.get('location') ?? '')?.[1]
  })
}
