import { crc32 } from 'node:zlib'

/** A zip archive of one file, stored as it is: what Lambda takes code in. */
export function zipOf(name: string, text: string): Buffer {
  const [path, content] = [Buffer.from(name), Buffer.from(text)]
  const about = Buffer.alloc(26)
  about.writeUInt16LE(20, 0)
  about.writeUInt32LE(crc32(content), 10)
  about.writeUInt32LE(content.length, 14)
  about.writeUInt32LE(content.length, 18)
  about.writeUInt16LE(path.length, 22)
  const file = Buffer.concat([Buffer.from('PK\x03\x04'), about, path, content])
  // 0o644 as Unix writes it, or nobody may read the file.
  const attributes = Buffer.alloc(14)
  attributes.writeUInt32LE(0o100644 * 2 ** 16, 6)
  const madeOnUnix = Buffer.from([20, 3])
  const directory = Buffer.concat([Buffer.from('PK\x01\x02'), madeOnUnix, about, attributes, path])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(file.length, 12)
  return Buffer.concat([file, directory, Buffer.from('PK\x05\x06'), end])
}
