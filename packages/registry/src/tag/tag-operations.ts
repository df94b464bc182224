/**
 * The tag family of operations, as members of the registry, and the tag store for resources that
 * other packages keep.
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
import { accept, type Outcome } from '@muster/model'
import type { Operation } from '../state/operation.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { listTagsForResource, tagResource, untagResource } from './tag-resource.ts'
import { checkNewTags, putTags } from './tags.ts'

const NO_TAGS: Readonly<Record<string, string>> = {}

/** Operations on tags (gateway G81). */
export interface TagOperations {
  readonly tagResource: Operation<TagResourceRequest, TagResourceResponse>
  readonly untagResource: Operation<UntagResourceRequest, UntagResourceResponse>
  readonly listTagsForResource: Operation<ListTagsForResourceRequest, ListTagsForResourceResponse>
  /** Tags of any resource, by key. */
  tagsOf(resourceArn: string): Readonly<Record<string, string>>
  /** InvalidRequestException for tags that no resource can be created with. */
  checkTags(tags: readonly Tag[] | undefined): Outcome<undefined>
  /** Tags a resource of another package at its creation; the tags are checked. */
  setTags(resourceArn: string, tags: readonly Tag[] | undefined): void
  /** Forgets the tags of a resource that is deleted. */
  forgetTags(resourceArn: string): void
}

/** Binds the family to a state. */
export function tagOperations(state: RegistryState): TagOperations {
  return {
    tagResource: (input) => tagResource(state, input),
    untagResource: (input) => untagResource(state, input),
    listTagsForResource: (input) => listTagsForResource(state, input),
    tagsOf: (resourceArn) => state.tags.byArn.get(resourceArn) ?? NO_TAGS,
    checkTags: (tags) => checkNewTags(tags) ?? accept(undefined),
    setTags: (resourceArn, tags) => {
      state.tags.byArn.delete(resourceArn)
      putTags(state, resourceArn, tags)
    },
    forgetTags: (resourceArn) => state.tags.byArn.delete(resourceArn),
  }
}
