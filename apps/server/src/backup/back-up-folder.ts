/**
 * A backup of a data folder, of a server that runs or of one that does not.
 *
 * It is taken from the folder itself, as one reader more of its database: so it works the same in a container
 * (`docker exec`), needs no token, and the keys that are part of it never go over a socket.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { backUpStore, markClosed } from '@muster/store'
import { holdStill, makeFolder } from '../data-folder.ts'
import { closeFileToOthers } from '../platform.ts'
import { DATABASE, describeFile, writeManifest, type BackupFile } from './backup-manifest.ts'
import { copyDurably, filesBeside, makeDurable, UNFINISHED } from './folder-files.ts'

/** A backup that was made. */
export interface Backup {
  /** Absolute path of its folder. */
  readonly folder: string
  readonly files: number
  readonly bytes: number
  /** Whether a server had the data folder meanwhile. */
  readonly isOfRunningServer: boolean
}

/**
 * Copies everything that a server needs to start again into a new folder. It appears whole or not at all.
 *
 * @param dataDir - the data folder
 * @param out - the new folder; one that is empty will do
 * @throws Error naming the folder that is none of Muster, or is there already, or cannot be read or written
 */
export async function backUpFolder(dataDir: string, out: string): Promise<Backup> {
  const from = resolve(dataDir)
  const to = resolve(out)
  const database = join(from, DATABASE)
  if (!existsSync(database)) {
    throw new Error(`there is no database in \`${from}\`: give the folder of a server with --data`)
  }
  refuseTarget(from, to)
  const still = holdStill(from)
  let unfinished: string | undefined
  try {
    makeFolder(dirname(to))
    // A name of its own: another backup may be under way, and what is there already is somebody's.
    unfinished = mkdtempSync(`${to}${UNFINISHED}`)
    const copy = join(unfinished, DATABASE)
    await backUpStore(database, copy, still.isInUse)
    closeFileToOthers(copy)
    makeDurable(copy)
    markClosed(copy)
    // After the database: a key that was made meanwhile is one too many, never one too few.
    const beside = filesBeside(from)
    for (const path of beside) copyDurably(join(from, path), join(unfinished, path))
    const files: BackupFile[] = []
    for (const path of [DATABASE, `${DATABASE}-mark`, ...beside]) {
      files.push(describeFile(unfinished, path))
    }
    writeManifest(unfinished, { formatVersion: 1, createdAtMs: Date.now(), files })
    makeDurable(unfinished)
    renameSync(unfinished, to)
    makeDurable(dirname(to))
    return {
      folder: to,
      files: files.length,
      bytes: bytesOf(files),
      isOfRunningServer: still.isInUse,
    }
  } catch (cause) {
    if (unfinished !== undefined) rmSync(unfinished, { recursive: true, force: true })
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`\`${from}\` cannot be backed up to \`${to}\`: ${why}`, { cause })
  } finally {
    still.release()
  }
}

function refuseTarget(from: string, to: string): void {
  if (to === from) throw new Error('a backup goes into another folder than the data itself')
  const stat = statSync(to, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isDirectory() || readdirSync(to).length > 0) {
    throw new Error(`\`${to}\` is there already: give a folder that is not, or is empty`)
  }
}

function bytesOf(files: readonly BackupFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}
