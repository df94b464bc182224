/**
 * Which rows of a working copy changed, and what they are now.
 *
 * Triggers note the key of every row that is written, whoever wrote it, in temporary tables that roll
 * back with the rows. What the rows hold is read once, when a transaction is made of them: a row that
 * ten turns changed goes once. A copy alone has triggers; a store of its own pays nothing.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { keyJson, rowJson } from './row-json.ts'
import type { TableShape } from './table-shape.ts'

/** Rows of one table, as JSON of {@link rowJson}; undefined where there are none. */
export interface TableImages {
  readonly table: string
  /** Rows as they are now. */
  readonly rows: string | undefined
  /** Keys of rows that are no more. */
  readonly gone: string | undefined
}

/** What changed. */
export interface RowImages {
  /** Everything that there was before is gone. */
  readonly emptied: boolean
  readonly tables: readonly TableImages[]
}

/** Notes what changes in one copy. */
export class RowCapture {
  readonly #database: DatabaseSync
  readonly #triggers: readonly string[]
  readonly #tables: readonly CapturedTable[]
  readonly #touched: StatementSync
  #emptied = false

  constructor(database: DatabaseSync, shapes: readonly TableShape[]) {
    this.#database = database
    // So that a row that another replaces counts as deleted.
    database.exec('PRAGMA recursive_triggers = ON')
    for (const shape of shapes) database.exec(touchedTable(shape))
    this.#triggers = shapes.flatMap(triggersOf)
    this.#tables = shapes.map((shape) => new CapturedTable(database, shape))
    this.#touched = database.prepare(
      `SELECT ${shapes.map(({ name }) => `EXISTS (SELECT 1 FROM temp.touched_${name})`).join(', ')}`,
    )
    this.#touched.setReturnArrays(true)
    for (const trigger of this.#triggers) database.exec(trigger)
  }

  /** Runs what empties the copy: that it is empty is all that is noted. */
  emptying(empty: () => void): void {
    for (const trigger of this.#triggers) {
      this.#database.exec(`DROP TRIGGER temp.${/TRIGGER (\w+)/.exec(trigger)?.[1] ?? ''}`)
    }
    empty()
    for (const table of this.#tables) table.forget()
    for (const trigger of this.#triggers) this.#database.exec(trigger)
    this.#emptied = true
  }

  /** What changed since the last call. Nothing may be open that could still be rolled back. */
  take(): RowImages {
    const flags = this.#touched.get() as unknown as readonly number[]
    const tables = this.#tables.filter((_, index) => flags[index] === 1).map((one) => one.take())
    const emptied = this.#emptied
    this.#emptied = false
    return { emptied, tables }
  }
}

class CapturedTable {
  readonly #name: string
  readonly #rows: StatementSync
  readonly #gone: StatementSync
  readonly #forget: StatementSync

  constructor(database: DatabaseSync, shape: TableShape) {
    const { name, key } = shape
    const touched = `temp.touched_${name}`
    const isSame = key.map((column) => `t.${column} = k.${column}`).join(' AND ')
    this.#name = name
    this.#rows = database.prepare(
      `SELECT count(*) AS count, json_group_array(${rowJson(shape)}) AS json ` +
        `FROM ${touched} k CROSS JOIN main.${name} t ON ${isSame}`,
    )
    this.#gone = database.prepare(
      `SELECT count(*) AS count, json_group_array(${keyJson(shape)}) AS json FROM ${touched} k ` +
        `WHERE NOT EXISTS (SELECT 1 FROM main.${name} t WHERE ${isSame})`,
    )
    this.#forget = database.prepare(`DELETE FROM ${touched}`)
  }

  take(): TableImages {
    const rows = jsonOf(this.#rows)
    const gone = jsonOf(this.#gone)
    this.forget()
    return { table: this.#name, rows, gone }
  }

  forget(): void {
    this.#forget.run()
  }
}

function jsonOf(statement: StatementSync): string | undefined {
  const row = statement.get()
  return row?.['count'] === 0 ? undefined : String(row?.['json'])
}

function touchedTable({ name, key }: TableShape): string {
  const columns = key.join(', ')
  return `CREATE TEMP TABLE touched_${name} (${columns}, PRIMARY KEY (${columns})) WITHOUT ROWID`
}

/**
 * A row whose key changes would be two: one that is gone and one that is new. What a statement does on a
 * conflict would hold for its triggers too, so they look before they insert.
 */
function triggersOf({ name, key }: TableShape): readonly string[] {
  const note = (row: 'NEW' | 'OLD'): string =>
    `INSERT INTO touched_${name} SELECT ${key.map((column) => `${row}.${column}`).join(', ')} ` +
    `WHERE NOT EXISTS (SELECT 1 FROM touched_${name} WHERE ` +
    `${key.map((column) => `${column} = ${row}.${column}`).join(' AND ')});`
  const isMoved = key.map((column) => `NEW.${column} IS NOT OLD.${column}`).join(' OR ')
  return [
    `CREATE TEMP TRIGGER inserted_${name} AFTER INSERT ON main.${name} BEGIN ${note('NEW')} END`,
    `CREATE TEMP TRIGGER updated_${name} AFTER UPDATE ON main.${name} BEGIN ${note('NEW')} END`,
    `CREATE TEMP TRIGGER deleted_${name} AFTER DELETE ON main.${name} BEGIN ${note('OLD')} END`,
    `CREATE TEMP TRIGGER moved_${name} AFTER UPDATE OF ${key.join(', ')} ON main.${name} ` +
      `WHEN ${isMoved} BEGIN ${note('OLD')} END`,
  ]
}
