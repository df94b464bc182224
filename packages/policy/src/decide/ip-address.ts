/**
 * IPv4 and IPv6 addresses and CIDR ranges, for `IpAddress` conditions.
 */

/** An address as a number of `bits` bits. */
interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

/**
 * Whether an address lies in a range: `192.0.2.0/24`, `2001:db8::/32`, or one address. An IPv4
 * address in IPv6 form (`::ffff:192.0.2.1`) is that IPv4 address.
 *
 * @returns undefined when `range` is no range
 */
export function inAddressRange(address: string, range: string): boolean | undefined {
  const [base = '', length, ...rest] = range.split('/')
  const network = parseAddress(base)
  if (network === undefined || rest.length > 0) return undefined
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const prefix = length === undefined ? network.bits : Number(length)
  if (prefix > network.bits) return undefined
  const candidate = parseAddress(address)
  if (candidate === undefined || candidate.bits !== network.bits) return false
  const shift = BigInt(network.bits - prefix)
  return candidate.value >> shift === network.value >> shift
}

function parseAddress(text: string): Address | undefined {
  const four = parseIpv4(text)
  if (four !== undefined) return { bits: 32, value: four }
  const six = parseIpv6(text)
  if (six === undefined) return undefined
  if (six >> 32n === 0xffffn) return { bits: 32, value: six & 0xffffffffn }
  return { bits: 128, value: six }
}

function parseIpv4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return undefined
  let value = 0n
  for (const part of match.slice(1)) {
    if (Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseIpv6(text: string): bigint | undefined {
  let source = text
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (dotted !== null) {
    const four = parseIpv4(dotted[2] ?? '')
    if (four === undefined) return undefined
    source = `${dotted[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`
  }
  const halves = source.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

/**
 * Addresses that together lie in every combination of ranges that any address lies in: the ends of
 * each range and their neighbours, and the ends of all addresses.
 */
export function addressesAround(ranges: readonly string[]): readonly string[] {
  const found = new Set(['198.51.100.7', '0.0.0.0', '255.255.255.255', '::', '2001:db8::7'])
  for (const range of ranges) {
    const [base = '', length] = range.split('/')
    const network = parseAddress(base)
    if (network === undefined) continue
    const prefix = length === undefined ? network.bits : Number(length)
    if (!(prefix <= network.bits)) continue
    const shift = BigInt(network.bits - prefix)
    const first = (network.value >> shift) << shift
    const last = first + (1n << shift) - 1n
    for (const value of [first, last, first - 1n, last + 1n]) {
      if (value >= 0n && value < 1n << BigInt(network.bits)) found.add(written(value, network.bits))
    }
  }
  return [...found]
}

function written(value: bigint, bits: 32 | 128): string {
  const [width, count, radix, separator] =
    bits === 32 ? [8n, 4, 10, '.'] : ([16n, 8, 16, ':'] as const)
  return Array.from({ length: count }, (_, index) => {
    const shift = width * BigInt(count - 1 - index)
    return ((value >> shift) & ((1n << width) - 1n)).toString(radix)
  }).join(separator)
}
