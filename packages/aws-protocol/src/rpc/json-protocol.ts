/** JSON 1.1 (identities I67, I68): the operation in a header, times in epoch seconds. */
import { JsonShapeSerializer } from '@smithy/core/protocols'
import type { NormalizedSchema } from '@smithy/core/schema'

/** Times are epoch seconds with fraction. */
const epochSecondsFormat = 7
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The body as an object; an empty one counts as `{}`.
 *
 * @returns undefined when it is no JSON object
 */
export function jsonBody(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(utf8.decode(body))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

/** An operation's output as text. */
export function jsonOf(value: object, schema: NormalizedSchema): string | Uint8Array {
  if (!schema.isStructSchema()) return '{}'
  const serializer = new JsonShapeSerializer({
    jsonName: true,
    timestampFormat: { useTrait: true, default: epochSecondsFormat },
  })
  serializer.write(schema, value)
  return serializer.flush()
}
