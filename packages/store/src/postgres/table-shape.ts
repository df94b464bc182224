/**
 * The store's tables as they are in a SQLite file: what a database elsewhere is made after, so that
 * there is no second text of a table that could differ.
 */
import type { DatabaseSync } from 'node:sqlite'

/** A column; `any` holds text or bytes. */
export interface ColumnShape {
  readonly name: string
  readonly type: 'text' | 'integer' | 'any'
  readonly isRequired: boolean
}

/** One table. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** What makes its other indexes, as SQLite keeps it. */
  readonly indexes: readonly string[]
}

const TYPES: Readonly<Record<string, ColumnShape['type']>> = {
  TEXT: 'text',
  INTEGER: 'integer',
  '': 'any',
}

/**
 * Reads the shapes of all tables of a file, by name.
 *
 * @throws Error for a table without a primary key or a type that is not among {@link ColumnShape}'s
 */
export function readShapes(database: DatabaseSync): readonly TableShape[] {
  const tables = database
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
  return tables.map(({ name }) => readShape(database, String(name)))
}

function readShape(database: DatabaseSync, name: string): TableShape {
  const rows = database
    .prepare('SELECT name, type, "notnull" AS required, pk FROM pragma_table_info(?)')
    .all(name)
  const columns = rows.map((row): ColumnShape => {
    const type = TYPES[String(row['type'])]
    if (type === undefined) {
      throw new Error(`column ${name}.${String(row['name'])} has the type ${String(row['type'])}`)
    }
    const isRequired = row['required'] === 1 || Number(row['pk']) > 0
    return { name: String(row['name']), type, isRequired }
  })
  const key = rows
    .filter((row) => Number(row['pk']) > 0)
    .sort((left, right) => Number(left['pk']) - Number(right['pk']))
    .map((row) => String(row['name']))
  if (key.length === 0) throw new Error(`table ${name} has no primary key`)
  const indexes = database
    .prepare(
      "SELECT sql FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
    )
    .all(name)
    .map(({ sql }) => String(sql))
  return { name, columns, key, indexes }
}
