import * as z from 'zod/mini'

/**
 * Where a call came from, as it is kept: an IPv4 address; of an IPv6 address the network `2001:db8:0:7::/64`, for the rest of it
 * changes by the day and names a single device. An IPv4 address written as IPv6 is the IPv4 address.
 */
export const $SourceAddress = z.union([
  z.ipv4(),
  z.pipe(
    z.ipv6(),
    z.transform(address => mappedIpv4(address) ?? networkOf(address)),
  ),
])

/** `::ffff:192.0.2.1`, or the same in hexadecimal, to `192.0.2.1`. */
function mappedIpv4(address: string): string | undefined {
  const groups = groupsOf(address)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : undefined
}

function networkOf(address: string): string {
  const network = groupsOf(address)
    .slice(0, 4)
    .map(group => group.toString(16))
    .join(':')
  return `${canonical(`${network}::`)}/64`
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const [before = '', after] = canonical(address).split('::')
  const read = (part: string) => (part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16)))
  if (after === undefined) return read(before)
  const [first, last] = [read(before), read(after)]
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last]
}

/** RFC 5952, by the parser of URLs: lower case, the longest run of zeros left out, no dots. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}
