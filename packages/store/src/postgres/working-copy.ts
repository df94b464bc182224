/**
 * A leader's copy of the database: filled from it when the leader begins, moved forward where the
 * database was written by an older program, and written back whole where the database lacks it.
 */
import { existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { prepareSchema } from '../schema.ts'
import { SCHEMA_VERSIONS } from '../schema-versions.ts'
import { LONG_ANSWER_MS, type DatabaseConnection } from './database-connection.ts'
import { makeTables, SCHEMA } from './database-schema.ts'
import {
  columnNames,
  insertOfArrays,
  rowArray,
  rowJson,
  rowsOfJson,
  rowValues,
} from './row-json.ts'
import { readShapes, type TableShape } from './table-shape.ts'

/** Rows of one question and one insert. */
const ROWS_MAX = 5000

/** Removes what another run left of a copy. */
export function removeCopy(file: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${part}`, { force: true })
}

/** The shapes that this program's tables have. */
export function currentShapes(): readonly TableShape[] {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database, ':memory:')
  const shapes = readShapes(database)
  database.close()
  return shapes
}

/** Fills a new file with what a database of some version holds. @returns how many rows */
export async function fillCopy(
  connection: DatabaseConnection,
  file: string,
  schemaVersion: number,
): Promise<number> {
  removeCopy(file)
  const copy = openFast(file)
  try {
    prepareSchema(copy, file, SCHEMA_VERSIONS.slice(0, schemaVersion))
    let rows = 0
    for (const shape of readShapes(copy)) rows += await fillTable(connection, copy, shape)
    return rows
  } finally {
    copy.close()
  }
}

/** Makes a copy of a store file as it is; it may be of an older program. */
export function copyFile(from: string, file: string): void {
  removeCopy(file)
  if (!existsSync(from)) return
  const source = new DatabaseSync(from)
  try {
    source.exec(`VACUUM INTO '${file.replaceAll("'", "''")}'`)
  } finally {
    source.close()
  }
}

/** Moves a copy forward to this program's version. */
export function moveCopy(file: string): void {
  const copy = openFast(file)
  try {
    prepareSchema(copy, file)
  } finally {
    copy.close()
  }
}

/** Makes the database's tables anew, with what the copy holds: all of it or nothing. */
export async function writeWhole(connection: DatabaseConnection, file: string): Promise<void> {
  const copy = openFast(file)
  try {
    const shapes = readShapes(copy)
    await connection.run('BEGIN')
    await connection.run(makeTables(shapes), LONG_ANSWER_MS)
    for (const shape of shapes) await writeTable(connection, copy, shape)
    await connection.run('COMMIT', LONG_ANSWER_MS)
  } finally {
    copy.close()
  }
}

function openFast(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536')
  return database
}

/** In the order of the key, page after page: nobody else writes meanwhile. */
async function fillTable(
  connection: DatabaseConnection,
  copy: DatabaseSync,
  shape: TableShape,
): Promise<number> {
  const insert = copy.prepare(insertOfArrays(shape))
  const { name, key } = shape
  const places = key.map((_, index) => `$${index + 1}`).join(', ')
  const order = key.map((column) => `t.${column}`).join(', ')
  const page = (after: string): string =>
    `SELECT json_agg(x.row)::text, count(*), max(x.row_key::text) FROM (` +
    `SELECT ${rowArray(shape)} AS row, ` +
    `CASE WHEN row_number() OVER () = ${ROWS_MAX} THEN json_build_array(${order}) END AS row_key ` +
    `FROM (SELECT * FROM ${SCHEMA}.${name} t ${after} ORDER BY ${order} LIMIT ${ROWS_MAX}) t) x`
  let rows = 0
  let last: readonly unknown[] | undefined
  copy.exec('BEGIN')
  for (;;) {
    const after = last === undefined ? '' : `WHERE (${order}) > (${places})`
    const [answer] = await connection.rows(page(after), last ?? [], { answerMs: LONG_ANSWER_MS })
    const [json, count, lastKey] = answer ?? []
    if (Number(count) > 0) insert.run(String(json))
    rows += Number(count)
    if (lastKey === null || lastKey === undefined) break
    last = JSON.parse(String(lastKey)) as unknown[]
  }
  copy.exec('COMMIT')
  return rows
}

async function writeTable(
  connection: DatabaseConnection,
  copy: DatabaseSync,
  shape: TableShape,
): Promise<void> {
  const { name, key } = shape
  const read = copy.prepare(
    `SELECT count(*) AS count, json_group_array(${rowJson(shape)}) AS json FROM ` +
      `(SELECT * FROM main.${name} ORDER BY ${key.join(', ')} LIMIT ${ROWS_MAX} OFFSET ?) t`,
  )
  const text =
    `INSERT INTO ${SCHEMA}.${name} (${columnNames(shape).join(', ')}) ` +
    `SELECT ${rowValues(shape)} FROM ${rowsOfJson(shape, '$1')}`
  for (let offset = 0; ; offset += ROWS_MAX) {
    const row = read.get(offset)
    if (Number(row?.['count']) > 0) {
      await connection.rows(text, [String(row?.['json'])], { answerMs: LONG_ANSWER_MS })
    }
    if (Number(row?.['count']) < ROWS_MAX) return
  }
}
