/** JSON 1.1 (identities I67, I68): the operation in a header, times in epoch seconds. */
import { JsonShapeSerializer } from '@smithy/core/protocols'
import { jsonObject } from '../json-object.ts'
import type { NormalizedSchema } from '@smithy/core/schema'

/** Times are epoch seconds with fraction. */
const epochSecondsFormat = 7

/**
 * The body as an object; an empty one counts as `{}`.
 *
 * @returns undefined when it is no JSON object
 */
export function jsonBody(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  return body.length === 0 ? {} : jsonObject(body)
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
