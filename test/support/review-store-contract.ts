import { expect, it } from '@jest/globals'
import type { ReportStore } from '../../lambdas/application/ports/report-store.ts'
import type { ReviewStore } from '../../lambdas/application/ports/review-store.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import type { Manifest } from '../../lambdas/domain/review/manifest.ts'
import type { Pack } from '../../lambdas/domain/review/review-record.ts'

const AT = new Date('2027-04-01T09:00:00Z')

/** What every `ReviewStore` does; the fake and the real one pass the same tests. Each test takes a period of its own. */
export function reviewStoreContract(storeOf: () => ReviewStore): void {
  const open = (period: string) => storeOf().open({ period, requestedBy: 'audrey', requestedAt: AT })

  it('REV-16 productions opened at once get versions of their own', async () => {
    const opened = await Promise.all(Array.from({ length: 5 }, () => open('2021-Q1')))

    expect(opened.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5])
    expect(opened[0]).toMatchObject({ period: '2021-Q1', status: 'PRODUCING', requestedBy: 'audrey', requestedAt: AT })
  })

  it('REV-16 a finished production is ready with its pack', async () => {
    await open('2021-Q2')

    await storeOf().ready('2021-Q2', aPack(1))

    expect(await storeOf().find('2021-Q2')).toEqual({
      period: '2021-Q2',
      version: 1,
      status: 'READY',
      requestedBy: 'audrey',
      requestedAt: AT,
      pack: aPack(1),
    })
  })

  it('REV-16 an older production that finishes late gives its pack and leaves the newer one producing', async () => {
    await open('2021-Q3')
    await open('2021-Q3')

    await storeOf().ready('2021-Q3', aPack(1))

    expect(await storeOf().find('2021-Q3')).toMatchObject({ version: 2, status: 'PRODUCING', pack: aPack(1) })
  })

  it('REV-16 an older pack never replaces a newer one', async () => {
    await open('2021-Q4')
    await open('2021-Q4')
    await storeOf().ready('2021-Q4', aPack(2))

    await storeOf().ready('2021-Q4', aPack(1))

    expect(await storeOf().find('2021-Q4')).toMatchObject({ version: 2, status: 'READY', pack: aPack(2) })
  })

  it('REV-16 a production that failed says why, keeps the pack before it, and a retry makes it ready', async () => {
    await open('2022-Q1')
    await storeOf().ready('2022-Q1', aPack(1))
    await open('2022-Q1')

    await storeOf().failed({ period: '2022-Q1', version: 2 }, 'the disk is full')

    expect(await storeOf().find('2022-Q1')).toMatchObject({
      status: 'FAILED',
      failure: 'the disk is full',
      pack: aPack(1),
    })
    await storeOf().ready('2022-Q1', aPack(2))
    expect(await storeOf().find('2022-Q1')).not.toHaveProperty('failure')
  })

  it('REV-16 a failure changes neither a newer production nor one that is ready', async () => {
    await open('2022-Q2')
    await storeOf().ready('2022-Q2', aPack(1))
    await storeOf().failed({ period: '2022-Q2', version: 1 }, 'too late to fail')
    await open('2022-Q3')
    await open('2022-Q3')
    await storeOf().failed({ period: '2022-Q3', version: 1 }, 'an older one')

    expect([(await storeOf().find('2022-Q2'))?.status, (await storeOf().find('2022-Q3'))?.status]).toEqual([
      'READY',
      'PRODUCING',
    ])
  })

  it('REV-16 lists the newest period first and knows no other', async () => {
    await open('2022-Q4')
    await open('2023-Q1')

    const periods = (await storeOf().list()).map(({ period }) => period)

    expect(periods).toEqual([...periods].sort().reverse())
    expect(periods).toEqual(expect.arrayContaining(['2022-Q4', '2023-Q1']))
    expect(await storeOf().find('1999-Q1')).toBeUndefined()
  })
}

/** What every `ReportStore` does. `download` follows a link and gives the text behind it. */
export function reportStoreContract(storeOf: () => ReportStore): void {
  const edition = { period: '2027-Q1', version: 1 }

  it('REV-16 gives the length and hash of what was written', async () => {
    const put = await storeOf().put(edition, {
      name: 'a.csv',
      contentType: 'text/csv',
      content: chunks('Zoë,', '1\r\n'),
    })

    expect(put).toEqual({ name: 'a.csv', contentType: 'text/csv', bytes: 8, sha256: sha256('Zoë,1\r\n') })
  })

  it('REV-16 writes a file longer than a part, and an empty one', async () => {
    const megabyte = 'x'.repeat(1024 * 1024)
    const long = await storeOf().put(edition, {
      name: 'long.csv',
      contentType: 'text/csv',
      content: chunks(...Array.from({ length: 19 }, () => megabyte)),
    })
    const empty = await storeOf().put(edition, { name: 'empty.csv', contentType: 'text/csv', content: chunks() })

    expect([long.bytes, long.sha256]).toEqual([19 * 1024 * 1024, sha256(megabyte.repeat(19))])
    expect([empty.bytes, empty.sha256]).toEqual([0, sha256('')])
    expect(await storeOf().list(edition)).toEqual(expect.arrayContaining(['empty.csv', 'long.csv']))
  })

  it('REV-16 reads a manifest back as it was, and none where there is none', async () => {
    const other = { period: '2027-Q2', version: 2 }
    const manifest = aManifest()
    await storeOf().put(other, {
      name: 'manifest.json',
      contentType: 'application/json',
      content: chunks(JSON.stringify(manifest)),
    })

    expect(await storeOf().manifest(other)).toEqual(manifest)
    expect(await storeOf().manifest({ period: '2027-Q2', version: 3 })).toBeUndefined()
  })

  it('REV-16 does not take for a manifest what is none', async () => {
    const other = { period: '2027-Q3', version: 1 }
    await storeOf().put(other, {
      name: 'manifest.json',
      contentType: 'application/json',
      content: chunks('{"files":[]}'),
    })

    await expect(storeOf().manifest(other)).rejects.toThrow('is not in the shape Lapse writes')
  })
}

export async function* chunks(...texts: readonly string[]) {
  yield* texts
}

function aPack(version: number): Pack {
  return {
    version,
    producedAt: AT,
    counts: { requests: version, byStatus: { ENDED: version }, events: 4, grants: 1 },
    chain: 'intact',
    lingering: 0,
  }
}

function aManifest(): Manifest {
  const { producedAt, counts, chain, lingering } = aPack(2)
  const files = [{ name: 'a.csv', contentType: 'text/csv', bytes: 8, sha256: sha256('a'), rows: 1 }]
  const made = { accessHash: sha256('access'), lapseVersion: '1.2.3' }
  return { period: '2027-Q2', version: 2, from: AT, to: AT, producedAt, counts, chain, lingering, files, ...made }
}
