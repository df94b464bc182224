/**
 * The rules of tags (gateway G81), for operations that create tagged resources. Keys and values
 * were checked by the protocol; these stand here as well because tags are kept by them.
 */
import type { Tag } from '@aws-sdk/client-iot'
import { invalidRequest, type Refused } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'

/** Tags on one resource (gateway G81). */
export const TAGS_MAX = 50

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** What most operations say of tags that they cannot take. */
export const INVALID_TAGS = 'Invalid request exception. Please check the input.'
/** What thing types and groups say of a tag that has a key alone, and what jobs say. */
export const TAGS_WITHOUT_VALUE = 'All tags in request should have keys and values.'
export const JOB_TAGS_WITHOUT_VALUE = 'Invalid tag parameter exception. Please check the input.'
export const TOO_MANY_TAGS = 'Too many tags provided in the request. Please check the input.'

/**
 * Refuses tags that no resource can be given: bad texts, keys without a value, more than 50.
 *
 * @param withoutValue - what the operation says of a tag that has a key alone
 */
export function checkTagList(
  tags: readonly Tag[] | undefined,
  withoutValue: string = INVALID_TAGS,
): Refused | undefined {
  if (tags === undefined) return undefined
  for (const { Key = '', Value } of tags) {
    if (Key.length < 1 || Key.length > 128 || !TAG_TEXT.test(Key)) {
      return invalidRequest('a tag key must be 1 to 128 letters, digits, spaces or _.:/=+-@')
    }
    if (Value === undefined) return invalidRequest(withoutValue)
    if (Value.length > 256 || !TAG_TEXT.test(Value)) {
      return invalidRequest('a tag value must be 0 to 256 letters, digits, spaces or _.:/=+-@')
    }
    if (isReserved(Key)) return reservedTag(Key)
  }
  const keys = new Set(tags.map(({ Key }) => Key))
  return keys.size > TAGS_MAX ? invalidRequest(TOO_MANY_TAGS) : undefined
}

/** As {@link checkTagList}, for a new resource: a key that is given twice is refused, too. */
export function checkNewTags(
  tags: readonly Tag[] | undefined,
  withoutValue?: string,
): Refused | undefined {
  const refused = checkTagList(tags, withoutValue)
  if (refused !== undefined || tags === undefined) return refused
  const keys = tags.map(({ Key }) => Key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  return twice === undefined ? undefined : invalidRequest(`tag key ${twice} is given twice`)
}

/** Whether a key is AWS's own. */
export function isReserved(key: string): boolean {
  return /^aws:/i.test(key)
}

/** The refusal of a key that is AWS's own. */
export function reservedTag(key: string): Refused {
  return invalidRequest(`Tags cannot begin with "aws:", offending tag: ${key}`)
}

/** Tags as they are kept; of a repeated key the last counts. */
export function tagsByKey(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** Adds checked tags to a resource, replacing values of keys it has. */
export function putTags(
  state: RegistryState,
  resourceArn: string,
  tags: readonly Tag[] | undefined,
): void {
  if (tags === undefined || tags.length === 0) return
  const before = state.tags.byArn.get(resourceArn)
  state.tags.byArn.set(resourceArn, { ...before, ...tagsByKey(tags) })
}
