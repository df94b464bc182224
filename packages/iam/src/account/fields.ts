/**
 * Reading a JSON document whose faults name their place: `users[2].policies[0]: expected …`.
 * An unknown member is a fault, since a misspelt one would silently grant or refuse.
 */

import type { Outcome } from '@muster/model'

/** What reading an IAM file answers. */
export type IamFileOutcome<T> = Outcome<T, 'InvalidIamFile'>

/** A fault in an IAM file; caught where the file is read, so that no half of it is used. */
export class IamFileFault extends Error {}

/** Members of an object by name. */
export type Fields = Readonly<Record<string, unknown>>

/** @throws IamFileFault with the path and what was expected there */
export function fault(path: string, expected: string): never {
  throw new IamFileFault(`${path}: ${expected}`)
}

/**
 * The value as an object.
 *
 * @param members - names that may stand there; undefined: any
 */
export function object(value: unknown, path: string, members?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fault(path, 'expected an object')
  }
  const unknown = Object.keys(value).find((name) => members?.includes(name) === false)
  if (unknown !== undefined) {
    fault(path, `unknown member \`${unknown}\`, expected ${members?.join(', ')}`)
  }
  return value as Fields
}

/** The value as a list; absent means empty. */
export function list(value: unknown, path: string): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) fault(path, 'expected a list')
  return value
}

/** The value as a text of at least one character. */
export function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') fault(path, 'expected a text')
  return value
}

/** The value as a list of texts; absent means empty. */
export function texts(value: unknown, path: string): readonly string[] {
  return list(value, path).map((item, index) => text(item, `${path}[${index}]`))
}

/** Maps a list whose items have paths of their own. */
export function each<T>(
  value: unknown,
  path: string,
  read: (item: unknown, path: string) => T,
): readonly T[] {
  return list(value, path).map((item, index) => read(item, `${path}[${index}]`))
}

/** A text that matches, or a fault that says what was expected. */
export function matching(value: unknown, path: string, pattern: RegExp, expected: string): string {
  const found = text(value, path)
  if (!pattern.test(found)) fault(path, `expected ${expected}, found \`${found}\``)
  return found
}

/** `/` or `/team/`, at most 512 characters (identities I8). */
export function pathOf(value: unknown, path: string): string {
  if (value === undefined) return '/'
  return matching(
    value,
    path,
    /^\/(?:[\u0021-\u007e]{1,510}\/)?$/,
    'a path that begins and ends with `/` and has at most 512 characters',
  )
}

/** A name of IAM (identities I8). */
export function nameOf(value: unknown, path: string, lengthMax: 64 | 128): string {
  return matching(
    value,
    path,
    new RegExp(String.raw`^[\w+=,.@-]{1,${lengthMax}}$`),
    `a name of 1 to ${lengthMax} characters of [\\w+=,.@-]`,
  )
}

/** Tags by key (identities I8). */
export function tagsOf(value: unknown, path: string): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  const entries = Object.entries(object(value, path))
  if (entries.length > 50) fault(path, `expected at most 50 tags, found ${entries.length}`)
  const seen = new Set<string>()
  for (const [key, tag] of entries) {
    if (typeof tag !== 'string') fault(`${path}.${key}`, 'expected a text')
    if (key === '' || key.length > 128)
      fault(path, `expected keys of 1 to 128 characters, found \`${key}\``)
    if (tag.length > 256) fault(`${path}.${key}`, 'expected at most 256 characters')
    if (/^aws:/i.test(key)) fault(path, `a tag key may not begin with \`aws:\`, found \`${key}\``)
    if (seen.has(key.toLowerCase()))
      fault(path, `tag key \`${key}\` stands twice (case does not count)`)
    seen.add(key.toLowerCase())
  }
  return Object.fromEntries(entries) as Record<string, string>
}

/** Refuses names that are the same without regard to case (identities I8). */
export class DistinctNames {
  readonly #seen = new Map<string, string>()

  add(name: string, path: string): void {
    const key = name.toLowerCase()
    const before = this.#seen.get(key)
    if (before !== undefined) fault(path, `\`${name}\` stands twice (case does not count)`)
    this.#seen.set(key, name)
  }
}
