/**
 * The database's tables: the store's own, in a schema of their own, and the row of the leader.
 */
import { SCHEMA_VERSION } from '../schema.ts'
import { bytesColumn, postgresType } from './row-json.ts'
import type { ColumnShape, TableShape } from './table-shape.ts'

/** Name of the schema that holds all tables. */
export const SCHEMA = 'muster' as const

/** What makes the row of the leader, where there is none. */
export const LEADER_TABLE: string = `
CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
CREATE TABLE IF NOT EXISTS ${SCHEMA}.leader (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  schema_version integer NOT NULL,
  epoch bigint NOT NULL,
  turn bigint NOT NULL,
  released boolean NOT NULL,
  holder text NOT NULL,
  since timestamptz NOT NULL
);
INSERT INTO ${SCHEMA}.leader VALUES (true, 0, 0, 0, true, '', now()) ON CONFLICT DO NOTHING;
COMMENT ON SCHEMA ${SCHEMA} IS
  'Written by the leading core alone. Read it as you like; what is changed here is not seen before the next core leads.';
`

/** What makes the store's tables anew: those of another version are dropped. */
export function makeTables(shapes: readonly TableShape[]): string {
  const statements = shapes.flatMap((shape) => [
    `DROP TABLE IF EXISTS ${SCHEMA}.${shape.name}`,
    tableText(shape),
    ...shape.indexes.map(indexText),
  ])
  return `${statements.join(';\n')};\nUPDATE ${SCHEMA}.leader SET schema_version = ${SCHEMA_VERSION}`
}

function tableText({ name, columns, key }: TableShape): string {
  const parts = columns.flatMap(columnText)
  return `CREATE TABLE ${SCHEMA}.${name} (${parts.join(', ')}, PRIMARY KEY (${key.join(', ')}))`
}

function columnText(column: ColumnShape): readonly string[] {
  const { name, type, isRequired } = column
  // Bytewise, as SQLite compares: a page after a key is the same everywhere.
  const collation = type === 'integer' ? '' : ' COLLATE "C"'
  const text = `${name} ${postgresType(type)}${collation}`
  if (type !== 'any') return [`${text}${isRequired ? ' NOT NULL' : ''}`]
  const bytes = bytesColumn(column)
  const check = isRequired ? [`CHECK ((${name} IS NULL) <> (${bytes} IS NULL))`] : []
  return [text, `${bytes} bytea`, ...check]
}

/**
 * That keys are unique is proved by the copy, before anything is sent: here a row that takes the place
 * of another within one statement would be refused by the order in which they are written.
 */
function indexText(sql: string): string {
  return sql
    .replace(/^CREATE UNIQUE INDEX/, 'CREATE INDEX')
    .replace(/ ON (\w+)/, ` ON ${SCHEMA}.$1`)
}
