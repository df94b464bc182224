/**
 * A transaction as one statement: it moves the leader's row from turn to turn where the epoch is still
 * the leader's, and writes rows only where that row was moved. One statement is one round trip, and
 * all or nothing by itself.
 */
import { SCHEMA } from './database-schema.ts'
import type { RowImages } from './row-capture.ts'
import { columnNames, keysOfJson, rowsOfJson, rowValues } from './row-json.ts'
import type { TableShape } from './table-shape.ts'

/** A statement with its values after the first three: epoch, turn before, turn. */
export interface CommitText {
  /** The same for the same tables, so that it is prepared once. */
  readonly name: string
  readonly text: string
  readonly values: readonly string[]
}

/** The statement for some images. */
export function commitText(shapes: ReadonlyMap<string, TableShape>, images: RowImages): CommitText {
  const parts: string[] = []
  const values: string[] = []
  const names: string[] = []
  // By number: PostgreSQL cuts long names.
  const order = [...shapes.keys()]
  const parameter = (json: string): string => `$${values.push(json) + 3}`
  for (const { table, rows, gone } of images.tables) {
    const shape = shapes.get(table)
    if (shape === undefined) throw new Error(`there is no table ${table}`)
    if (gone !== undefined) {
      names.push(`-${order.indexOf(table)}`)
      parts.push(`gone_${table} AS (${deletion(shape, parameter(gone))})`)
    }
    if (rows !== undefined) {
      names.push(`+${order.indexOf(table)}`)
      parts.push(`kept_${table} AS (${upsert(shape, parameter(rows))})`)
    }
  }
  const lead =
    `lead AS (UPDATE ${SCHEMA}.leader SET turn = $3 ` +
    'WHERE epoch = $1 AND turn = $2 RETURNING turn)'
  return {
    name: names.join(''),
    text: `WITH ${[lead, ...parts].join(', ')} SELECT turn FROM lead`,
    values,
  }
}

const LEADS = 'EXISTS (SELECT 1 FROM lead)'

function deletion(shape: TableShape, parameter: string): string {
  const isSame = shape.key.map((column, index) => `t.${column} = x.c${index}`).join(' AND ')
  return (
    `DELETE FROM ${SCHEMA}.${shape.name} t USING ${keysOfJson(shape, parameter)} ` +
    `WHERE ${isSame} AND ${LEADS}`
  )
}

function upsert(shape: TableShape, parameter: string): string {
  const names = columnNames(shape)
  const set = names
    .filter((column) => !shape.key.includes(column))
    // What stays the same is kept as it is: a long document is not written again with every counter.
    .map(
      (column) =>
        `${column} = CASE WHEN t.${column} IS NOT DISTINCT FROM excluded.${column} ` +
        `THEN t.${column} ELSE excluded.${column} END`,
    )
  const change = set.length === 0 ? 'NOTHING' : `UPDATE SET ${set.join(', ')}`
  return (
    `INSERT INTO ${SCHEMA}.${shape.name} AS t (${names.join(', ')}) SELECT ${rowValues(shape)} ` +
    `FROM ${rowsOfJson(shape, parameter)} WHERE ${LEADS} ` +
    `ON CONFLICT (${shape.key.join(', ')}) DO ${change}`
  )
}
