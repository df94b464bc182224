/** The query protocol (identities I31 to I33): a form in, XML out. */
import type { NormalizedSchema } from '@smithy/core/schema'

/** Parameters by name, first values only. */
export type QueryForm = ReadonlyMap<string, string>

/** More entries than any list of these services may have. */
const listEntriesMax = 200

/** Reads a form into a value as JSON would have it; unknown parameters are ignored. */
export function formValue(
  form: QueryForm,
  structure: NormalizedSchema,
): Readonly<Record<string, unknown>> {
  return structure.isStructSchema() ? structureValue(form, structure, '') : {}
}

function structureValue(
  form: QueryForm,
  structure: NormalizedSchema,
  prefix: string,
): Readonly<Record<string, unknown>> {
  const value: Record<string, unknown> = {}
  for (const [name, member] of structure.structIterator()) {
    const found = memberValue(form, member, `${prefix}${name}`)
    if (found !== undefined) value[name] = found
  }
  return value
}

function memberValue(form: QueryForm, schema: NormalizedSchema, name: string): unknown {
  if (schema.isListSchema()) return listValue(form, schema, name)
  if (schema.isStructSchema()) {
    const value = structureValue(form, schema, `${name}.`)
    return Object.keys(value).length === 0 ? undefined : value
  }
  const text = form.get(name)
  if (text === undefined) return undefined
  if (schema.isNumericSchema()) return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (schema.isBooleanSchema()) return text === 'true' || (text === 'false' ? false : text)
  return text
}

/** `Tags.member.1.Key`: entries count from one, and end where one is missing. */
function listValue(
  form: QueryForm,
  schema: NormalizedSchema,
  name: string,
): readonly unknown[] | undefined {
  const entries: unknown[] = []
  for (let index = 1; index <= listEntriesMax; index += 1) {
    const entry = memberValue(form, schema.getValueSchema(), `${name}.member.${index}`)
    if (entry === undefined) break
    entries.push(entry)
  }
  return entries.length === 0 ? undefined : entries
}

/** An operation's output as XML elements, in the order of its schema. */
export function xmlOf(value: unknown, schema: NormalizedSchema): string {
  if (schema.isStructSchema()) {
    const members = value as Readonly<Record<string, unknown>>
    let xml = ''
    for (const [name, member] of schema.structIterator()) {
      const found = members[name]
      if (found !== undefined && found !== null) xml += `<${name}>${xmlOf(found, member)}</${name}>`
    }
    return xml
  }
  if (schema.isListSchema()) {
    const entries = value as readonly unknown[]
    return entries
      .map((entry) => `<member>${xmlOf(entry, schema.getValueSchema())}</member>`)
      .join('')
  }
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z')
  return xmlText(String(value))
}

/** Control characters and halves of pairs, which no XML document may hold, not even as references. */
const notXml = /[[\p{Cc}\p{Surrogate}\ufffe\uffff]--[\t\n\r\u007f-\u009f]]/gv

/** Text with what XML would take for markup written as references; U+FFFD stands for what it may not hold. */
export function xmlText(text: string): string {
  return text
    .replace(notXml, '\ufffd')
    .replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
