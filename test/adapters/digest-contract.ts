import { describe, expect, it } from '@jest/globals'
import type { DigestStore } from '../../lambdas/application/ports/digest-store.ts'

const at = (hour: number) => new Date(Date.UTC(2027, 2, 1, hour))

/** What every store of digests does. The tests build on one another: there is one row. */
export function digestContract(name: string, storeOf: () => DigestStore): void {
  describe(`the digests in ${name}`, () => {
    it('NOT-03 begin with what they are given, and are gone on with until they are finished', async () => {
      const store = storeOf()

      const span = await store.begin(at(0), at(8))
      expect(span).toMatchObject({ from: at(0), until: at(8), told: [] })
      if (!span) return
      await store.told(span, 'adam')
      expect(await store.begin(at(3), at(9))).toMatchObject({ from: at(0), until: at(8), told: ['adam'] })
      await store.told(span, 'bob')
      expect((await store.begin(at(3), at(9)))?.told).toEqual(['adam', 'bob'])
      await store.finish(span)
    })

    it('NOT-03 go on where the last one ended, without a gap and without an overlap', async () => {
      const store = storeOf()

      const span = await store.begin(at(1), at(12))
      expect(span).toMatchObject({ from: at(8), until: at(12), told: [] })
      if (!span) return
      await store.finish(span)
      expect(await store.begin(at(1), at(12))).toBeUndefined()
      expect(await store.begin(at(1), at(11))).toBeUndefined()
    })

    it('NOT-03 take nothing for a span that is no longer the last', async () => {
      const store = storeOf()
      const span = await store.begin(at(1), at(13))
      if (!span) throw new Error('nothing began')
      await store.finish(span)
      await store.begin(at(1), at(14))

      await expect(store.told(span, 'adam')).rejects.toThrow()
      await expect(store.finish(span)).rejects.toThrow()
    })
  })
}
