import { describe, expect, it } from '@jest/globals'
import type { Objects } from '../../lambdas/adapters/objects.ts'

/** What the archive relies on of a bucket, whichever it is. */
export function objectsContract(name: string, objects: () => Objects): void {
  describe(`objects in ${name}`, () => {
    const textOf = async (key: string) => new TextDecoder().decode(await objects().read(key))

    it('AUD-03 that are there are never written over by an add', async () => {
      expect(await objects().add('contract/added', 'first', 'text/plain')).toBe(true)
      expect(await objects().add('contract/added', 'second', 'text/plain')).toBe(false)
      expect(await textOf('contract/added')).toBe('first')
    })

    it('AUD-03 of two that add the same at once, one does', async () => {
      const added = await Promise.all(
        ['a', 'b', 'c'].map(content => objects().add('contract/raced', content, 'text/plain')),
      )

      expect(added.filter(isAdded => isAdded)).toHaveLength(1)
    })

    it('AUD-03 are listed below a prefix, all and sorted, also beyond one page', async () => {
      const keys = Array.from({ length: 1005 }, (_, index) => `pages/${String(index).padStart(4, '0')}`)
      for (let start = 0; start < keys.length; start += 50) {
        await Promise.all(keys.slice(start, start + 50).map(key => objects().put(key, key, 'text/plain')))
      }

      expect(await objects().keys('pages/')).toEqual(keys)
      expect(await objects().keys('pages/0001')).toEqual(['pages/0001'])
      await objects().remove([...keys, 'pages/never-there'])
      expect(await objects().keys('pages/')).toEqual([])
    }, 60_000)

    it('AUD-03 that are not there are an error to read, never nothing', async () => {
      await expect(objects().read('contract/nowhere')).rejects.toThrow()
    })

    it('AUD-03 come back to the byte', async () => {
      const content = Buffer.from([0, 255, 10, 13, 128])
      await objects().put('contract/bytes', content, 'application/gzip')

      expect(Buffer.from(await objects().read('contract/bytes'))).toEqual(content)
    })
  })
}
