import { beforeAll, describe, expect, it } from '@jest/globals'
import { CANARY_KINDS, PLACE_KINDS } from '../support/canary.ts'
import { LOGGED } from '../support/canary-failures.ts'
import { canaryRun } from '../support/canary-run.ts'
import { readHouse } from '../support/house-file.ts'

/** A thousand are `npm run bench -- canaries 1000`. */
const APPROVALS = 16

describe('secrets of links, waits and people', () => {
  let run: Awaited<ReturnType<typeof canaryRun>>

  beforeAll(async () => {
    run = await canaryRun(readHouse(), APPROVALS, () => {})
  }, 240_000)

  it('AUD-07 FI-20: the search finds every kind of secret in every kind of place it is put into', () => {
    expect(run.missed).toEqual([])
    expect([...run.places.keys()].sort()).toEqual([...PLACE_KINDS].sort())
  })

  it('AUD-07 FI-20: none of them is in a log, a table, a bucket, an execution, a queue, a metric or on the bus', () => {
    expect(run.approvals).toBeGreaterThanOrEqual(APPROVALS)
    expect([...run.secrets.keys()].sort()).toEqual([...CANARY_KINDS].sort())
    expect([...run.logged].sort()).toEqual([...LOGGED].sort())
    expect(run.leaked).toEqual([])
  })

  it('AUD-07 FI-20: a task token is in its row, in the history of its execution and in the record of the call that spends it, and spent when the request is over', () => {
    expect(new Set(run.meant.map(({ kind, place }) => `${kind} in ${place}`))).toEqual(
      new Set(['task token in table row', 'task token in execution', 'task token in trail']),
    )
    expect(run.living).toEqual([])
  })
})
