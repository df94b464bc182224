/** A data folder from a backup. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { markClosed } from '@muster/store'
import { openDataFolder, type DataFolder } from '../data-folder.ts'
import { closeFileToOthers } from '../platform.ts'
import { DATABASE, differences, readManifest, type BackupManifest } from './backup-manifest.ts'
import { copyDurably, makeDurable } from './folder-files.ts'

/** A folder that a server can start on. */
export interface Restored {
  /** Absolute path. */
  readonly folder: string
  readonly files: number
  /** When the backup was made, epoch milliseconds. */
  readonly createdAtMs: number
}

/** What a volume or desktop puts into an empty folder, and the lock of this restore. */
const NOTHING = new Set(['lost+found', '.DS_Store', 'desktop.ini', 'lock', 'lock-journal', 'pid'])

/**
 * Fills a data folder from a backup that is whole.
 *
 * The mark goes first and the database last: a server that starts on what was half restored refuses it
 * instead of starting empty.
 *
 * @param dataDir - a folder that does not exist, or is empty
 * @throws Error naming what of the backup is missing or changed, the folder that holds something, or the
 *   file that cannot be written; DataFolderError when a server has the folder
 */
export function restoreFolder(backup: string, dataDir: string): Restored {
  const from = resolve(backup)
  const manifest = readManifest(from)
  if (manifest === undefined) {
    throw new Error(`\`${from}\` is no backup: \`muster backup --out DIR\` makes one`)
  }
  const wrong = differences(from, manifest)
  if (wrong.length > 0) {
    const told = wrong.slice(0, 3).map(({ path, message }) => `\`${path}\`: ${message}`)
    throw new Error(`the backup \`${from}\` is not whole: ${told.join('; ')}`)
  }
  const folder = openDataFolder(dataDir)
  try {
    refuseWhatIsThere(folder.path)
    fill(folder, from, manifest)
  } finally {
    folder.release()
  }
  return { folder: folder.path, files: manifest.files.length, createdAtMs: manifest.createdAtMs }
}

/** Fills an empty folder, or leaves it empty. */
function fill(folder: DataFolder, from: string, { files }: BackupManifest): void {
  try {
    const database = folder.file(DATABASE)
    markClosed(database)
    for (const { path } of files) {
      if (path === `${DATABASE}-mark`) continue
      const to = folder.file(path)
      copyDurably(join(from, path), `${to}.new`)
      if (path !== DATABASE) renameSync(`${to}.new`, to)
    }
    closeFileToOthers(`${database}.new`)
    renameSync(`${database}.new`, database)
    makeDurable(folder.path)
  } catch (cause) {
    const begun = readdirSync(folder.path).filter((name) => !NOTHING.has(name))
    for (const name of begun) rmSync(folder.file(name), { recursive: true, force: true })
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`\`${from}\` cannot be restored to \`${folder.path}\`: ${why}`, { cause })
  }
}

function refuseWhatIsThere(path: string): void {
  const there = existsSync(path) ? readdirSync(path).filter((name) => !NOTHING.has(name)) : []
  if (there.length === 0) return
  throw new Error(
    `\`${path}\` holds something (\`${there.slice(0, 3).join('`, `')}\`): a backup is restored into a ` +
      'folder that is empty, or does not exist yet',
  )
}
