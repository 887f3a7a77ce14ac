import { gunzipSync, inflateRawSync } from 'node:zlib'

const GZIP = 0x1f8b
const ZIP = 0x504b0304
const CENTRAL = Buffer.from('PK\x01\x02', 'latin1')
const STORED = 0

/** The texts in bytes, whether they are plain, gzip or zip, and packed again inside. */
export function textsIn(bytes: Buffer): readonly string[] {
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === ZIP) return filesOf(bytes).flatMap(textsIn)
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === GZIP) return textsIn(gunzipSync(bytes))
  // One character a byte: nothing is lost where the bytes are no text.
  return [bytes.toString('latin1')]
}

/** The files of a zip by its directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12. */
function filesOf(zip: Buffer): readonly Buffer[] {
  const files: Buffer[] = []
  let entry = zip.readUInt32LE(zip.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16)
  while (zip.subarray(entry, entry + 4).equals(CENTRAL)) {
    const size = zip.readUInt32LE(entry + 20)
    const local = zip.readUInt32LE(entry + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const content = zip.subarray(start, start + size)
    files.push(zip.readUInt16LE(entry + 10) === STORED ? content : inflateRawSync(content))
    entry += 46 + zip.readUInt16LE(entry + 28) + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32)
  }
  return files
}
