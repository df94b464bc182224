/**
 * TagResource, UntagResource, ListTagsForResource (gateway G81).
 */
import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import { checkTaggable, checkTagged } from './taggable.ts'
import {
  checkTagList,
  isReserved,
  putTags,
  reservedTag,
  TAGS_MAX,
  tagsByKey,
  TOO_MANY_TAGS,
} from './tags.ts'

const EMPTY_COLLECTION = 'The validated collection is empty'

/**
 * Adds tags to a resource, or gives those it has other values; of a repeated key the last counts.
 *
 * @returns ResourceNotFoundException, InvalidRequestException for no tags, bad ones, a 51st, and
 *   for resources that take none
 */
export function tagResource(
  state: RegistryState,
  input: TagResourceRequest,
): Outcome<TagResourceResponse> {
  const { resourceArn = '', tags = [] } = input
  if (tags.length === 0) return invalidRequest(EMPTY_COLLECTION)
  const refused = checkTagList(tags) ?? checkTagged(state, resourceArn)
  if (refused !== undefined) return refused
  const after = { ...state.tags.byArn.get(resourceArn), ...tagsByKey(tags) }
  if (Object.keys(after).length > TAGS_MAX) return invalidRequest(TOO_MANY_TAGS)
  putTags(state, resourceArn, tags)
  return accept({})
}

/** Removes tags; a key that is not there stays away. Refusals as for {@link tagResource}. */
export function untagResource(
  state: RegistryState,
  input: UntagResourceRequest,
): Outcome<UntagResourceResponse> {
  const { resourceArn = '', tagKeys = [] } = input
  if (tagKeys.length === 0) return invalidRequest(EMPTY_COLLECTION)
  const reserved = tagKeys.find((key) => isReserved(key))
  if (reserved !== undefined) return reservedTag(reserved)
  const refused = checkTagged(state, resourceArn)
  if (refused !== undefined) return refused
  const before = state.tags.byArn.get(resourceArn)
  if (before === undefined) return accept({})
  const after = Object.entries(before).filter(([key]) => !tagKeys.includes(key))
  if (after.length === 0) state.tags.byArn.delete(resourceArn)
  else state.tags.byArn.set(resourceArn, Object.fromEntries(after))
  return accept({})
}

/**
 * All tags of a resource, fifty on the only page, whatever token is sent; none of one that is not
 * there.
 *
 * @returns InvalidRequestException for resources that take none
 */
export function listTagsForResource(
  state: RegistryState,
  input: ListTagsForResourceRequest,
): Outcome<ListTagsForResourceResponse> {
  const { resourceArn = '' } = input
  const taggable = checkTaggable(state.ports.account, resourceArn)
  if (!taggable.ok) return taggable
  const tags = Object.entries(state.tags.byArn.get(resourceArn) ?? {})
  return accept({ tags: tags.map(([Key, Value]): Tag => ({ Key, Value })) })
}
