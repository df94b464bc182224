/**
 * What a backup says of itself: when it was made, and every file with its digest, so that one that is
 * cut, changed or incomplete is not taken for whole.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, lstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { writeTogether } from '../whole-files.ts'

/** Name of the database. */
export const DATABASE = 'muster.db'

/** Name of the file that makes a folder a backup. */
export const MANIFEST = 'muster-backup.json'

/** One file of a backup. */
export interface BackupFile {
  /** Below the folder, with `/`. */
  readonly path: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/** A backup as a whole. */
export interface BackupManifest {
  readonly formatVersion: 1
  /** Wall time, epoch milliseconds. */
  readonly createdAtMs: number
  readonly files: readonly BackupFile[]
}

/** Describes a file that was written. */
export function describeFile(folder: string, path: string): BackupFile {
  const file = join(folder, path)
  return { path, bytes: lstatSync(file).size, sha256: digestOf(file) }
}

/** Makes a folder of files a backup: last of all. */
export function writeManifest(folder: string, manifest: BackupManifest): void {
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  writeTogether([{ path: join(folder, MANIFEST), text, mode: 0o600 }])
}

/**
 * The manifest of a backup.
 *
 * @returns undefined for a folder that is none
 * @throws Error naming the file when it is damaged or of another format
 */
export function readManifest(folder: string): BackupManifest | undefined {
  const file = join(folder, MANIFEST)
  if (!existsSync(file)) return undefined
  let manifest: Partial<BackupManifest> | null = null
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<BackupManifest> | null
  } catch {
    // Told below.
  }
  if (!isManifest(manifest)) {
    throw new Error(`\`${file}\` is not that of a backup that this program can read`)
  }
  // Whoever made it says where files go: never outside.
  const outside = manifest.files.find(({ path }) => !isInside(folder, path))
  if (outside !== undefined) {
    throw new Error(`\`${file}\` names \`${outside.path}\`, which lies outside the backup`)
  }
  if (!manifest.files.some(({ path }) => path === DATABASE)) {
    throw new Error(`\`${file}\` names no \`${DATABASE}\`: a backup has one`)
  }
  return manifest
}

function isManifest(value: Partial<BackupManifest> | null): value is BackupManifest {
  return (
    value?.formatVersion === 1 &&
    isTime(value.createdAtMs) &&
    Array.isArray(value.files) &&
    value.files.every(isFile)
  )
}

function isFile(value: Partial<BackupFile> | null): value is BackupFile {
  const { path, bytes, sha256 } = value ?? {}
  return (
    typeof path === 'string' &&
    !path.includes('\0') &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string'
  )
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime())
}

function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, resolve(folder, path))
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest)
}

/** What of a backup is not as it was written, for the user; empty when it is whole. */
export function differences(
  folder: string,
  { files }: BackupManifest,
): readonly { readonly path: string; readonly message: string }[] {
  return files.flatMap(({ path, bytes, sha256 }) => {
    const stat = lstatSync(join(folder, path), { throwIfNoEntry: false })
    if (stat === undefined) return [{ path, message: 'it is missing from the backup' }]
    if (stat.size !== bytes) {
      return [{ path, message: `it has ${stat.size} bytes, and had ${bytes} in the backup` }]
    }
    if (digestOf(join(folder, path)) === sha256) return []
    return [{ path, message: 'it is not what was backed up: its digest is another one' }]
  })
}

const CHUNK_BYTES = 1 << 20

/** In pieces: a database may be larger than memory. */
function digestOf(file: string): string {
  const hash = createHash('sha256')
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const descriptor = openSync(file, 'r')
  try {
    for (;;) {
      const bytes = readSync(descriptor, chunk)
      if (bytes === 0) return hash.digest('hex')
      hash.update(chunk.subarray(0, bytes))
    }
  } finally {
    closeSync(descriptor)
  }
}
