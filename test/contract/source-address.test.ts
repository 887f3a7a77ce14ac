import { isIPv6 } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { $SourceAddress } from '../../lambdas/contract/source-address.ts'

const kept = (address: unknown) => $SourceAddress.safeParse(address).data

describe('the address a call came from', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:0:7:1:2:3:4', '2001:db8:0:7::/64'],
    ['2001:0DB8:0000:0007:0001:0002:0003:0004', '2001:db8:0:7::/64'],
    ['2001:db8::7', '2001:db8::/64'],
    ['2001:db8:0:0:7::', '2001:db8::/64'],
    ['fe80::1', 'fe80::/64'],
    ['::1', '::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:c000:207', '192.0.2.7'],
  ])('ANO-04 %s is kept as %s', (address, expected) => {
    expect(kept(address)).toBe(expected)
  })

  it.each([
    'test-invoke-source-ip',
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.7, 10.0.0.1',
    '192.0.2.0/24',
    '2001:db8::/64',
    '[::1]',
    'fe80::1%eth0',
    'localhost',
    undefined,
    null,
    7,
  ])('ANO-04 %p is none', address => {
    expect(kept(address)).toBeUndefined()
  })

  it('AUD-07 of IPv6 keeps the network and nothing of the device, whatever the address', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
        const network = kept(one)
        if (network === undefined || !network.endsWith('/64')) return
        expect(network).toMatch(/^[0-9a-f:]+::\/64$|^::\/64$/)
        const anywhere = network.replace('::/64', other.includes('.') ? '::9' : '::8')
        expect(isIPv6(anywhere) && kept(anywhere)).toBe(network)
      }),
    )
  })
})
