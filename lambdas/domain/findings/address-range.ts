/** Whether an address, or the range an address is kept as (`2001:db8:1:2::/64`), lies in a range of the access file. */
export function isInRange(range: string, address: string): boolean {
  const outer = rangeOf(range)
  const inner = rangeOf(address)
  if (!outer || !inner || outer.bits !== inner.bits || outer.prefix > inner.prefix) return false
  const shift = BigInt(outer.bits - outer.prefix)
  return outer.value >> shift === inner.value >> shift
}

interface AddressRange {
  readonly value: bigint
  readonly bits: 32 | 128
  readonly prefix: number
}

function rangeOf(text: string): AddressRange | undefined {
  const [address = '', prefix] = text.split('/')
  const value = address.includes(':') ? valueOfSix(address) : valueOfFour(address)
  if (value === undefined) return undefined
  const bits = address.includes(':') ? 128 : 32
  const length = prefix === undefined ? bits : Number(prefix)
  return Number.isInteger(length) && length >= 0 && length <= bits ? { value, bits, prefix: length } : undefined
}

function valueOfFour(address: string): bigint | undefined {
  const parts = address.split('.')
  const isSound = parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256)
  return isSound ? parts.reduce((value, part) => value * 256n + BigInt(part), 0n) : undefined
}

/** `::` stands for as many zeros as are missing; the last two groups may be written as an address of four bytes. */
function valueOfSix(address: string): bigint | undefined {
  const [head = '', tail, more] = address.split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  if (!before || !after || more !== undefined) return undefined
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  return [...before, ...Array.from({ length: missing }, () => 0n), ...after].reduce(
    (value, group) => value * 65_536n + group,
    0n,
  )
}

function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  for (const group of text.split(':')) {
    const four = group.includes('.') ? valueOfFour(group) : undefined
    if (four !== undefined) groups.push(four / 65_536n, four % 65_536n)
    else if (/^[0-9a-f]{1,4}$/i.test(group)) groups.push(BigInt(`0x${group}`))
    else return undefined
  }
  return groups
}
