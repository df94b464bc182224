/**
 * Rows between SQLite and PostgreSQL: JSON that one engine writes and the other reads, so that no value
 * passes through the program. Columns go by their numbers. Bytes go in hexadecimal, beside the text
 * that the column may hold instead.
 */
import type { ColumnShape, TableShape } from './table-shape.ts'

/** Name of the column that holds the bytes of an `any` column. */
export function bytesColumn({ name }: ColumnShape): string {
  return `${name}_bytes`
}

/** SQLite: a row `t` as a JSON object. */
export function rowJson({ columns }: TableShape): string {
  const members = columns.flatMap(({ name, type }, index) =>
    type === 'any'
      ? [
          `'c${index}', iif(typeof(t.${name}) = 'blob', NULL, t.${name})`,
          `'b${index}', iif(typeof(t.${name}) = 'blob', hex(t.${name}), NULL)`,
        ]
      : [`'c${index}', t.${name}`],
  )
  return `json_object(${members.join(', ')})`
}

/** SQLite: a key `k` as a JSON object. */
export function keyJson({ key }: TableShape): string {
  return `json_object(${key.map((name, index) => `'c${index}', k.${name}`).join(', ')})`
}

/** PostgreSQL: the rows of {@link rowJson} as a table `x`. @param parameter - `$1` */
export function rowsOfJson({ columns }: TableShape, parameter: string): string {
  const members = columns.flatMap(({ type }, index) =>
    type === 'any' ? [`c${index} text`, `b${index} text`] : [`c${index} ${postgresType(type)}`],
  )
  return `json_to_recordset(${parameter}::json) AS x(${members.join(', ')})`
}

/** PostgreSQL: the keys of {@link keyJson} as a table `x`. */
export function keysOfJson({ columns, key }: TableShape, parameter: string): string {
  const members = key.map((name, index) => {
    const column = columns.find((one) => one.name === name)
    return `c${index} ${postgresType(column?.type ?? 'text')}`
  })
  return `json_to_recordset(${parameter}::json) AS x(${members.join(', ')})`
}

/** PostgreSQL: the columns of {@link rowsOfJson} as the values of {@link columnNames}. */
export function rowValues({ columns }: TableShape): string {
  return columns
    .flatMap(({ type }, index) =>
      type === 'any' ? [`x.c${index}`, `decode(x.b${index}, 'hex')`] : [`x.c${index}`],
    )
    .join(', ')
}

/** PostgreSQL: names of a table's columns, those of bytes included. */
export function columnNames({ columns }: TableShape): readonly string[] {
  return columns.flatMap((column) =>
    column.type === 'any' ? [column.name, bytesColumn(column)] : [column.name],
  )
}

/** PostgreSQL: a row `t` as a JSON array. */
export function rowArray({ columns }: TableShape): string {
  const members = columns.flatMap((column) =>
    column.type === 'any'
      ? [`t.${column.name}`, `encode(t.${bytesColumn(column)}, 'hex')`]
      : [`t.${column.name}`],
  )
  return `json_build_array(${members.join(', ')})`
}

/** SQLite: inserts rows from a JSON array of {@link rowArray}. */
export function insertOfArrays({ name, columns }: TableShape): string {
  let place = 0
  const values = columns.map(({ type }) => {
    const text = `value ->> ${place}`
    place += 1
    if (type !== 'any') return text
    place += 1
    return `coalesce(${text}, unhex(value ->> ${place - 1}))`
  })
  const names = columns.map((column) => column.name).join(', ')
  return `INSERT INTO main.${name} (${names}) SELECT ${values.join(', ')} FROM json_each(?)`
}

/** PostgreSQL's type of a column. */
export function postgresType(type: ColumnShape['type']): string {
  return type === 'integer' ? 'bigint' : 'text'
}
