/** Which devices a run plays, from the files of an identity folder. */
import { existsSync, readdirSync, type Dirent } from 'node:fs'
import { join, resolve } from 'node:path'

/** A device's files. */
export interface IdentityFiles {
  readonly thingName: string
  /** Name, or path, of the PEM with the private key. */
  readonly key: string
  /** Name, or path, of the PEM with the certificate; the same file when both are in one. */
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

/** Which devices are asked for. */
export interface DevicesAsked {
  /** A folder with identities, or with one folder that has them, as `muster onboard` leaves it. */
  readonly folder: string
  readonly devices: number
  /** This machine's part of the folder. */
  readonly shard: { readonly index: number; readonly count: number }
}

/**
 * The first devices of a folder, with the paths of their files.
 *
 * @throws Error naming the folder where there are fewer than asked for, and how many there are
 */
export function chooseDevices({ folder, devices, shard }: DevicesAsked): readonly IdentityFiles[] {
  const place = folderWithIdentities(resolve(folder))
  const all = shardOf(identitiesIn(readdirSync(place)), shard)
  if (all.length < devices) {
    const part = shard.count === 1 ? '' : ` for shard ${shard.index}/${shard.count}`
    throw new Error(
      `${devices} devices asked for, and ${place} has ${all.length} identities${part}: ` +
        'each device needs its own key and certificate (`muster onboard --devices N`)',
    )
  }
  return all.slice(0, devices).map(({ thingName, key, certificate }) => ({
    thingName,
    key: join(place, key),
    certificate: join(place, certificate),
  }))
}

function folderWithIdentities(folder: string): string {
  const entries = entriesOf(folder)
  if (identitiesIn(entries.filter((entry) => entry.isFile()).map(({ name }) => name)).length > 0) {
    return folder
  }
  const folders = entries
    .filter((entry) => entry.isDirectory() && !isOneDevice(join(folder, entry.name)))
    .map(({ name }) => name)
  if (folders.length > 1) {
    throw new Error(
      `${folder} holds the devices of several accounts: say which with ` +
        folders.map((name) => `--identities ${join(folder, name)}`).join(' or '),
    )
  }
  return join(folder, folders[0] ?? '')
}

/** As `muster device create` leaves one beside them: its files are named alike in every folder. */
function isOneDevice(folder: string): boolean {
  return existsSync(join(folder, 'device.key'))
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    throw new Error(
      `${folder} cannot be read (${(cause as NodeJS.ErrnoException).code}): expected a folder of ` +
        'keys and certificates (`muster onboard`)',
      { cause },
    )
  }
}
