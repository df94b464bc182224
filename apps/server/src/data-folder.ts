/**
 * The folder that holds everything a server keeps: private to its user, used by one process.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  closeToOthers,
  currentUserId,
  isEverybodys,
  makePrivateFolder,
  writePrivateFile,
} from './platform.ts'

/** SQLite's result codes when a file is no database of its. */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26
/** SQLite's result code when another process has the file locked. */
const SQLITE_BUSY = 5

/** Who asks whether the folder is in use holds the lock for a moment: that long it is waited for. */
const LOCK_WAIT_MS = 200

/** An open data folder. */
export interface DataFolder {
  readonly path: string
  /** Absolute path of a file of this folder. */
  file(name: string): string
  /** Lets another process have it, and takes back who has it. */
  release(): void
}

/** A data folder that cannot be used; the message names the folder and what was expected. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/**
 * Makes (mode 0700) and locks a data folder.
 *
 * The lock is a SQLite file lock: the system drops it when the process dies, however it dies, so
 * a killed server never leaves a stale one, and process numbers that repeat in containers do not
 * matter.
 *
 * @param userId - whose folder it must be; 0 may use any, undefined where users have no numbers
 * @throws DataFolderError when the folder cannot be made or written, holds what is not Muster's, belongs
 *   to another user, another process has it, or its lock file is something else
 */
export function openDataFolder(
  given: string,
  userId: number | undefined = currentUserId(),
): DataFolder {
  const path = resolve(given)
  const file = (name: string): string => join(path, name)
  try {
    makeFolder(path)
    refuseWhatIsNotOurs(path, userId)
  } catch (cause) {
    if (cause instanceof DataFolderError) throw cause
    throw new DataFolderError(
      `data folder \`${path}\` cannot be made or written: ${reasonOf(cause)}`,
      { cause },
    )
  }
  const lock = openLock(path, file('lock'))
  closeToOthers(path)
  const pidFile = file('pid')
  writePrivateFile(pidFile, `${process.pid}\n`)
  const release = (): void => {
    try {
      // Before the lock goes: then it may be the next one's.
      rmSync(pidFile, { force: true })
    } finally {
      lock.close()
    }
  }
  return { path, file, release }
}

/**
 * Makes a folder for its user alone, and those above it. Not `recursive`: that never returns where a parent
 * exists but refuses children with ENOENT.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  makePrivateFolder(path)
}

/** What file systems and desktops put into folders that are empty otherwise. */
const NOBODYS_FILES = new Set(['lost+found', '.DS_Store', 'desktop.ini'])
/** What Muster makes in a folder of its own; `devices` also where no server ran yet. */
const OUR_FILES =
  /^(?:lock|pid|devices|authority|sessions\.key|cognito\.key|server\.json|muster\.db|muster\.db-.*)$/

/**
 * Its mode is about to change and it is about to be filled: it must be nobody else's. Neither a file,
 * nor a folder such as `/tmp`, nor another user's, nor one where something of another program lies.
 */
function refuseWhatIsNotOurs(path: string, userId: number | undefined): void {
  const stat = statSync(path)
  if (!stat.isDirectory()) throw new DataFolderError(`data folder \`${path}\` is not a folder`)
  if (isEverybodys(stat)) {
    throw new DataFolderError(
      `data folder \`${path}\` is shared by all users: give one of your own`,
    )
  }
  const entries = readdirSync(path).filter((name) => !NOBODYS_FILES.has(name))
  // Whoever has locked a folder once owns it, whatever else came to lie there.
  const strange = entries.includes('lock') ? [] : entries.filter((name) => !OUR_FILES.test(name))
  if (strange.length > 0) {
    const some = strange.slice(0, 3).map((name) => `\`${name}\``)
    throw new DataFolderError(
      `data folder \`${path}\` is not one of Muster (it holds ${some.join(', ')}` +
        `${strange.length > some.length ? ' and more' : ''}): give an empty folder, or one that ` +
        'does not exist yet',
    )
  }
  if (userId !== undefined && userId !== 0 && stat.uid !== userId) {
    throw new DataFolderError(
      `data folder \`${path}\` belongs to another user (number ${stat.uid}): give one of your own`,
    )
  }
}

function openLock(path: string, lockFile: string): DatabaseSync {
  let lock: DatabaseSync
  try {
    lock = new DatabaseSync(lockFile, { timeout: LOCK_WAIT_MS })
  } catch (cause) {
    throw new DataFolderError(`\`${lockFile}\` cannot be opened: ${reasonOf(cause)}`, { cause })
  }
  try {
    lock.exec(
      'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (n)',
    )
    return lock
  } catch (cause) {
    lock.close()
    const code = resultCode(cause)
    if (code === SQLITE_NOTADB || code === SQLITE_CORRUPT) {
      throw new DataFolderError(
        `\`${lockFile}\` is not a lock file of Muster: remove it, or give another folder with --data`,
        { cause },
      )
    }
    if (code !== SQLITE_BUSY) {
      throw new DataFolderError(
        `\`${lockFile}\` cannot be written: ${reasonOf(cause)}; see who owns it`,
        { cause },
      )
    }
    throw new DataFolderError(
      `data folder \`${path}\` is in use by ${holderOf(join(path, 'pid'))}: ` +
        'stop it, or give another folder with --data',
      { cause },
    )
  }
}

/**
 * Whether a process has the folder now. What a killed one left does not count: the lock is asked, not
 * a file.
 *
 * @param path - absolute path of the folder
 */
export function isDataFolderInUse(path: string): boolean {
  const still = holdStill(path)
  still.release()
  return still.isInUse
}

/** A folder that somebody looks at. */
export interface StillFolder {
  /** Whether a server has it. */
  readonly isInUse: boolean
  release(): void
}

/**
 * Keeps servers from starting on a folder that none has, for as long as somebody reads it. Nothing in it is
 * changed, and others may read it too.
 *
 * @param path - absolute path of the folder
 */
export function holdStill(path: string): StillFolder {
  const lockFile = join(path, 'lock')
  if (!existsSync(lockFile)) return { isInUse: false, release: () => {} }
  const lock = new DatabaseSync(lockFile, { readOnly: true })
  try {
    lock.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
    return { isInUse: false, release: () => lock.close() }
  } catch (cause) {
    lock.close()
    return { isInUse: resultCode(cause) === SQLITE_BUSY, release: () => {} }
  }
}

/** SQLite's primary result code; 0 for other faults. */
function resultCode(cause: unknown): number {
  return ((cause as { readonly errcode?: number }).errcode ?? 0) & 0xff
}

function holderOf(pidFile: string): string {
  try {
    return `process ${readFileSync(pidFile, 'utf8').trim()}`
  } catch {
    // Another user's, for example.
    return `a process whose number \`${pidFile}\` does not tell`
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
