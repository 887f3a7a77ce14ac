import type { Objects } from '../../lambdas/adapters/objects.ts'

/** A bucket in memory. Calls fail as S3 does when it is not there: before they did anything, or after, when only the answer is lost. */
export class InMemoryObjects implements Objects {
  readonly files = new Map<string, Buffer>()
  breaksBefore: () => boolean = () => false
  breaksAfter: () => boolean = () => false

  put(key: string, content: Buffer | string): Promise<void> {
    return this.#meet(`put ${key}`, () => void this.files.set(key, Buffer.from(content)))
  }

  add(key: string, content: Buffer | string): Promise<boolean> {
    return this.#meet(`add ${key}`, () => {
      if (this.files.has(key)) return false
      this.files.set(key, Buffer.from(content))
      return true
    })
  }

  read(key: string): Promise<Uint8Array> {
    return this.#meet(`read ${key}`, () => {
      const content = this.files.get(key)
      if (!content) throw new Error(`there is no ${key}`)
      return content
    })
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#meet(`list ${prefix}`, () => [...this.files.keys()].filter(key => key.startsWith(prefix)).sort())
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#meet(`remove ${key}`, () => void this.files.delete(key))
  }

  async #meet<T>(call: string, deed: () => T): Promise<T> {
    if (this.breaksBefore()) throw new Error(`${call}: S3 does not answer`)
    const done = deed()
    if (this.breaksAfter()) throw new Error(`${call}: S3 does not answer`)
    return done
  }
}
