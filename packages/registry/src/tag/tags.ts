/**
 * The rules of tags (gateway G81), for operations that create tagged resources.
 */
import type { Tag } from '@aws-sdk/client-iot'
import { invalidRequest, refuse, type Refused } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'

/** Tags on one resource (gateway G81). */
export const TAGS_MAX = 50

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * Refuses tags that no resource can be given: bad texts, keys twice, more than 50.
 *
 * @param tooMany - what more than 50 are: LimitExceededException where the operation's model has it
 */
export function checkNewTags(
  tags: readonly Tag[] | undefined,
  tooMany: 'InvalidRequestException' | 'LimitExceededException' = 'InvalidRequestException',
): Refused | undefined {
  if (tags === undefined) return undefined
  const keys = new Set<string>()
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128 || !TAG_TEXT.test(Key)) {
      return invalidRequest('a tag key must be 1 to 128 letters, digits, spaces or _.:/=+-@')
    }
    if (Value.length > 256 || !TAG_TEXT.test(Value)) {
      return invalidRequest('a tag value must be 0 to 256 letters, digits, spaces or _.:/=+-@')
    }
    if (/^aws:/i.test(Key)) {
      return invalidRequest(`tag key ${Key} starts with the reserved prefix aws:`)
    }
    if (keys.has(Key)) return invalidRequest(`tag key ${Key} is given twice`)
    keys.add(Key)
  }
  return keys.size > TAGS_MAX ? refuse(tooMany, `at most ${TAGS_MAX} tags are allowed`) : undefined
}

/** Adds checked tags to a resource, replacing values of keys it has. */
export function putTags(
  state: RegistryState,
  resourceArn: string,
  tags: readonly Tag[] | undefined,
): void {
  if (tags === undefined || tags.length === 0) return
  const added = Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
  state.tags.byArn.set(resourceArn, { ...state.tags.byArn.get(resourceArn), ...added })
}
