/**
 * Fetching an address that somebody else chose: from the public internet only. What it names, and what
 * the name resolves to, must be no address of this machine or its networks, and nobody may lead it
 * elsewhere.
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { get } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Why an address was not fetched, for whoever named it. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
}

/** What tests stand in for. */
export interface FetchPublicNeeds {
  /** Addresses of a name; the system's resolver when absent. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>
  /** Default {@link isPublicAddress}. */
  readonly isPublic?: (address: string) => boolean
  /** Authorities to trust, PEM; the system's when absent. */
  readonly ca?: string
}

const TIMEOUT_MS = 10_000

/** Not the internet's: this network, private, shared, loopback, link-local, examples, multicast. */
const OTHERS_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const
/** Within what IPv6 gives out: examples, and tunnels that carry an IPv4 address inside. */
const OTHERS_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const others = new BlockList()
for (const [network, prefix] of OTHERS_IPV4) others.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of OTHERS_IPV6) others.addSubnet(network, prefix, 'ipv6')
const globalIpv6 = new BlockList()
globalIpv6.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !others.check(address, 'ipv4')
    case 6:
      return globalIpv6.check(address, 'ipv6') && !others.check(address, 'ipv6')
    default:
      return false
  }
}

/**
 * Fetches an `https://` address whole.
 *
 * @throws FetchError when it leads to no public address, redirects, does not answer 200 in ten seconds,
 *   or has more than `bytesMax` bytes
 */
export async function fetchPublic(
  source: URL,
  bytesMax: number,
  needs: FetchPublicNeeds = {},
): Promise<Uint8Array> {
  const { resolve = systemResolve, isPublic = isPublicAddress, ca } = needs
  if (source.protocol !== 'https:') throw new FetchError('expected `https://`')
  // A host that is an address is never looked up.
  const literal = source.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !isPublic(literal)) throw new FetchError(PRIVATE)
  // The connection goes to the very address that was judged: a name may answer otherwise next time.
  const lookup: LookupFunction = (hostname, options, done) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined) done(new FetchError('its name has no address'), '')
        else if (!addresses.every(({ address }) => isPublic(address))) {
          done(new FetchError(PRIVATE), '')
        } else if (options.all === true) done(null, [...addresses])
        else done(null, first.address, first.family)
      },
      () => done(new FetchError('its name has no address'), ''),
    )
  }
  return new Promise((resolveBody, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const asked = get(source, { agent: false, lookup, signal, ...(ca !== undefined && { ca }) })
    asked.on('error', (cause) =>
      reject(cause instanceof FetchError ? cause : new FetchError('it cannot be fetched')),
    )
    asked.on('response', (response) => {
      const { statusCode = 0 } = response
      const chunks: Uint8Array[] = []
      let bytes = 0
      const give = (why: string): void => {
        reject(new FetchError(why))
        asked.destroy()
      }
      if (statusCode >= 300 && statusCode < 400) return give('it leads elsewhere')
      if (statusCode !== 200) return give(`it answers ${statusCode}`)
      response.on('data', (chunk: Uint8Array) => {
        bytes += chunk.byteLength
        if (bytes > bytesMax) give(`it has more than ${bytesMax} bytes`)
        else chunks.push(chunk)
      })
      response.on('end', () => resolveBody(Buffer.concat(chunks)))
    })
  })
}

const PRIVATE = 'it leads to an address that is not of the public internet'

function systemResolve(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (cause, addresses) => {
      if (cause === null) resolve(addresses)
      else reject(cause)
    })
  })
}
