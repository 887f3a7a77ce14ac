/** Objects of one bucket, read whole. */
export interface Objects {
  put(key: string, content: Buffer | string, contentType: string): Promise<void>
  /** Gives false, and changes nothing, when there is such an object already. */
  add(key: string, content: Buffer | string, contentType: string): Promise<boolean>
  /** @throws when there is no such object. */
  read(key: string): Promise<Uint8Array>
  /** All keys below a prefix, sorted. */
  keys(prefix: string): Promise<readonly string[]>
  /** @throws when one of them stays. One that is not there is no failure. */
  remove(keys: readonly string[]): Promise<void>
}
