/**
 * A store that is only looked at: as it is now beside a server that goes on writing, or as a server
 * left it. Nothing of it changes, not even its log.
 */
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { keptVersion, prepareSchema, SCHEMA_VERSION } from '../schema.ts'
import { StoreMark } from '../store-mark.ts'
import { checkStore, type StoreFindings } from './check-store.ts'

/** A store to read from; close it. */
interface KeptStore {
  readonly database: DatabaseSync
  close(): void
}

/** How long a reader waits for a writer that has the file for itself. */
const OTHERS_TIMEOUT_MS = 5000

/**
 * Opens a store for reading.
 *
 * Where a server has it, as one reader more. Where none has, a reader would take over what is left in its log and
 * remove that: a file without one is read as it lies there, and one with a log is copied first.
 */
function openKept(file: string, isInUse: boolean): KeptStore {
  if (isInUse) {
    const database = new DatabaseSync(file, { readOnly: true, timeout: OTHERS_TIMEOUT_MS })
    return { database, close: () => database.close() }
  }
  const log = `${file}-wal`
  if (existsSync(log) && statSync(log).size > 0) return openCopy(file)
  const url = pathToFileURL(file)
  url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, { readOnly: true })
  return { database, close: () => database.close() }
}

function openCopy(file: string): KeptStore {
  const folder = mkdtempSync(join(tmpdir(), 'muster-store-'))
  const copy = join(folder, 'muster.db')
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    for (const part of ['', '-wal']) {
      if (!existsSync(`${file}${part}`)) continue
      copyFileSync(`${file}${part}`, `${copy}${part}`, constants.COPYFILE_FICLONE)
    }
    const database = new DatabaseSync(copy)
    return {
      database,
      close: () => {
        database.close()
        remove()
      },
    }
  } catch (cause) {
    remove()
    throw cause
  }
}

/**
 * Writes the store as it is at this moment to a new file, with SQLite's own backup. All of it in one step: so
 * a server that commits meanwhile neither waits for it nor makes it begin anew.
 *
 * @param isInUse - whether a server has the store open
 * @returns bytes written
 * @throws Error for a database of another program; what SQLite or the system says; what was begun stays
 */
export async function backUpStore(file: string, to: string, isInUse: boolean): Promise<number> {
  const kept = openKept(file, isInUse)
  try {
    if (!keptVersion(kept.database).isOurs) {
      throw new Error(`\`${file}\` is a database, but not one of Muster`)
    }
    await backup(kept.database, to, { rate: ALL_PAGES })
  } finally {
    kept.close()
  }
  return statSync(to).size
}

const ALL_PAGES = 2_147_483_647

/**
 * Checks a store without changing it. One of an earlier schema version is checked as this program would move it.
 *
 * @param isInUse - whether a server has the store open
 */
export function checkKeptStore(file: string, isInUse: boolean): StoreFindings {
  let kept: KeptStore
  try {
    kept = openKept(file, isInUse)
  } catch (cause) {
    return unreadable(file, cause)
  }
  try {
    if (!isOlder(kept.database)) return checkStore(kept.database, file)
  } finally {
    kept.close()
  }
  kept = openCopy(file)
  try {
    const version = prepareSchema(kept.database, file)
    return { ...checkStore(kept.database, file), schemaVersion: version }
  } catch (cause) {
    return unreadable(file, cause)
  } finally {
    kept.close()
  }
}

function isOlder(database: DatabaseSync): boolean {
  try {
    const { version, isOurs } = keptVersion(database)
    return isOurs && version < SCHEMA_VERSION
  } catch {
    // The check itself says why it cannot be read.
    return false
  }
}

function unreadable(file: string, cause: unknown): StoreFindings {
  const message = cause instanceof Error ? cause.message : String(cause)
  return { schemaVersion: 0, counts: {}, problems: [{ rule: 'pages', subject: file, message }] }
}

/** Says of a store file that nobody has open that it was closed in good order: for one that was just put there. */
export function markClosed(file: string): void {
  new StoreMark(file).closed()
}

/**
 * What its mark says of a store that nobody has open: undefined when all is well.
 *
 * @returns what is missing or lost, for the user
 */
export function markProblem(file: string): string | undefined {
  try {
    return new StoreMark(file).check()
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}
