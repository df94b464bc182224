/** Which devices a shard of a run plays, from the files of an identity folder. */

/** A device's files: names relative to the folder. */
export interface IdentityFiles {
  readonly thingName: string
  /** PEM with the private key. */
  readonly key: string
  /** PEM with the certificate; the same file when both are in one. */
  readonly certificate: string
}

const pairs = [
  ['.private.key', '.cert.pem'],
  ['.key', '.crt'],
  ['-private.pem.key', '-certificate.pem.crt'],
] as const

/**
 * Finds the devices in a folder's listing: `THING.pem` with key and certificate, or the pairs of
 * files that AWS's console and tools hand out.
 *
 * @returns sorted by thing name
 */
export function identitiesIn(fileNames: readonly string[]): readonly IdentityFiles[] {
  const present = new Set(fileNames)
  const found = new Map<string, IdentityFiles>()
  for (const file of fileNames) {
    for (const [key, certificate] of pairs) {
      const base = file.endsWith(key) ? file.slice(0, -key.length) : undefined
      if (base === undefined || base === '' || !present.has(base + certificate)) continue
      found.set(base, identity(base, file, base + certificate))
    }
    const base = /^(.+?)\.pem$/.exec(file)?.[1]
    if (base !== undefined && !base.endsWith('.cert')) found.set(base, identity(base, file, file))
  }
  return [...found.values()].toSorted((a, b) => (a.thingName < b.thingName ? -1 : 1))
}

function identity(base: string, key: string, certificate: string): IdentityFiles {
  return { thingName: decodeURIComponent(base), key, certificate }
}

/**
 * The devices of one shard: every `count`-th one, so that shards differ by at most one device.
 *
 * @param shard - `index` from 0 to `count` - 1
 */
export function shardOf<T>(
  all: readonly T[],
  shard: { readonly index: number; readonly count: number },
): readonly T[] {
  return all.filter((_, position) => position % shard.count === shard.index)
}
