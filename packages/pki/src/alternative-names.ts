/** Host names and addresses as a certificate lists them (RFC 5280 4.2.1.6). */
import { Buffer } from 'node:buffer'
import { isIP } from 'node:net'
import { extension } from './certificate-layout.ts'
import { derTag, writeDer } from './der.ts'

const dnsTag = 0x82
const addressTag = 0x87

/** The subject alternative names. @param hostnames - DNS names, IPv4 and IPv6 addresses */
export function subjectAlternativeNames(hostnames: readonly string[]): Uint8Array {
  const names = hostnames.map((name) =>
    isIP(name) === 0
      ? writeDer(dnsTag, Buffer.from(name, 'latin1'))
      : writeDer(addressTag, addressBytes(name)),
  )
  return extension('2.5.29.17', writeDer(derTag.sequence, ...names))
}

/** The 4 or 16 bytes of an address that `isIP` takes; a zone is left out. */
export function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.').map(Number))
  const [plain = ''] = address.split('%')
  const [head = '', tail] = plain.split('::')
  const first = groupBytes(head)
  const last = tail === undefined ? [] : groupBytes(tail)
  const gap = Array.from({ length: 16 - first.length - last.length }, () => 0)
  return Uint8Array.from([...first, ...gap, ...last])
}

/** `2001:db8`, or with an IPv4 address at its end. */
function groupBytes(groups: string): readonly number[] {
  if (groups === '') return []
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
