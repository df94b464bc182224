/**
 * The schema of a store file: made, recognised, and moved forward.
 */
import type { DatabaseSync } from 'node:sqlite'
import { APPLICATION_ID, SCHEMA_VERSIONS, type SchemaVersion } from './schema-versions.ts'

/** What this program writes. */
export const SCHEMA_VERSION: number = SCHEMA_VERSIONS.length

/** From this version on a file names itself by its application id. */
const NAMED_SINCE_VERSION = 2

/** A store file that this program cannot use. */
export class StoreVersionError extends Error {
  override readonly name = 'StoreVersionError'
  readonly code = 'STORE_VERSION'
  readonly found: number
  readonly supported: number = SCHEMA_VERSION

  constructor(file: string, found: number) {
    super(
      `store file \`${file}\` has schema version ${found}, newer than ${SCHEMA_VERSION}: ` +
        'it was written by a newer program',
    )
    this.found = found
  }
}

/**
 * Makes the tables of a new file, or moves an old one forward: all steps or none. The file is looked at
 * before anything of it is changed.
 *
 * @returns the version that the file had; 0 for a new one
 * @throws StoreVersionError when a newer program wrote the file; an Error when it is the database of
 *   another program, or not all of its tables are there
 */
export function prepareSchema(
  database: DatabaseSync,
  file: string,
  versions: readonly SchemaVersion[] = SCHEMA_VERSIONS,
): number {
  const found = readNumber(database, 'user_version')
  const isNamed = readNumber(database, 'application_id') === APPLICATION_ID
  if (found > versions.length && isNamed) throw new StoreVersionError(file, found)
  if (found > versions.length || !isOurs(database, versions.slice(0, found), isNamed)) {
    throw new Error('it is a database, but not one of Muster')
  }
  if (found < versions.length) moveForward(database, versions, found)
  return found
}

/** Which version a file has, and whether it is one of Muster; nothing of it is changed. */
export function keptVersion(database: DatabaseSync): {
  readonly version: number
  readonly isOurs: boolean
} {
  const version = readNumber(database, 'user_version')
  const isNamed = readNumber(database, 'application_id') === APPLICATION_ID
  if (version > SCHEMA_VERSION) return { version, isOurs: isNamed }
  const taken = SCHEMA_VERSIONS.slice(0, version)
  return { version, isOurs: version > 0 && isOurs(database, taken, isNamed) }
}

/** Empties every table. */
export function emptyTables(database: DatabaseSync): void {
  for (const table of SCHEMA_VERSIONS.flatMap(({ tables }) => tables)) {
    database.exec(`DELETE FROM ${table}`)
  }
}

/** @param taken - the versions that the file says to have gone through */
function isOurs(
  database: DatabaseSync,
  taken: readonly SchemaVersion[],
  isNamed: boolean,
): boolean {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  if (taken.length === 0) return rows.length === 0
  const names = new Set(rows.map(({ name }) => String(name)))
  if (taken.length >= NAMED_SINCE_VERSION && !isNamed) return false
  return taken.every(({ tables }) => tables.every((table) => names.has(table)))
}

function moveForward(
  database: DatabaseSync,
  versions: readonly SchemaVersion[],
  found: number,
): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const version of versions.slice(found)) version.move(database)
    database.exec(`PRAGMA user_version = ${versions.length}; COMMIT`)
  } catch (cause) {
    // SQLite may have rolled back by itself, as it does when the disk is full.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw cause
  }
}

function readNumber(database: DatabaseSync, pragma: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0)
}
