import type { NewFile, ReportStore } from '../../lambdas/application/ports/report-store.ts'
import { $Manifest } from '../../lambdas/contract/review.ts'
import { sha256 } from '../../lambdas/domain/digest.ts'
import { StoredShapeError } from '../../lambdas/domain/errors.ts'
import type { Edition, Manifest, PackFile } from '../../lambdas/domain/review/manifest.ts'

/** Packs in memory; `textOf` reads a file back. */
export class InMemoryReportStore implements ReportStore {
  readonly #files = new Map<string, { readonly text: string; readonly contentType: string }>()
  /** When set, writing a file of this name breaks. */
  breaksAt: string | undefined

  async put(edition: Edition, { name, contentType, content }: NewFile): Promise<Omit<PackFile, 'rows'>> {
    let text = ''
    for await (const chunk of content) text += chunk
    if (name === this.breaksAt) throw new Error(`${name} cannot be written`)
    this.#files.set(keyOf(edition, name), { text, contentType })
    return { name, contentType, bytes: Buffer.byteLength(text), sha256: sha256(text) }
  }

  async list(edition: Edition): Promise<readonly string[]> {
    const prefix = keyOf(edition, '')
    return [...this.#files.keys()]
      .filter(key => key.startsWith(prefix))
      .map(key => key.slice(prefix.length))
      .sort()
  }

  async manifest(edition: Edition): Promise<Manifest | undefined> {
    const key = keyOf(edition, 'manifest.json')
    const text = this.#files.get(key)?.text
    if (text === undefined) return undefined
    try {
      return $Manifest.parse(JSON.parse(text))
    } catch (cause) {
      throw new StoredShapeError(key, { cause })
    }
  }

  async link(edition: Edition, { name }: Pick<PackFile, 'name'>, expiresInSeconds: number): Promise<string> {
    return `https://reports.example/${keyOf(edition, name)}?expires=${expiresInSeconds}`
  }

  textOf(edition: Edition, name: string): string {
    const file = this.#files.get(keyOf(edition, name))
    if (!file) throw new Error(`there is no ${name}`)
    return file.text
  }
}

function keyOf({ period, version }: Edition, name: string): string {
  return `reviews/${period}/${version}/${name}`
}
