/**
 * Writes that a full disk refuses. The server goes on until its commit fails, and what it reads until then
 * is not what it wrote: whoever follows it must know.
 */
import type { DatabaseSync } from 'node:sqlite'

/** Calls `failed` whenever a statement that writes throws; the throw goes on. */
export function onFailedWrite(database: DatabaseSync, failed: () => void): void {
  const prepare = database.prepare.bind(database)
  database.prepare = (sql) => {
    const statement = prepare(sql)
    const run = statement.run.bind(statement) as (...values: unknown[]) => never
    statement.run = (...values: unknown[]) => {
      try {
        return run(...values)
      } catch (cause) {
        failed()
        throw cause
      }
    }
    return statement
  }
}
