/** The tag store, for jobs and their templates, which another package keeps. */
import type { Tag } from '@aws-sdk/client-iot'
import { accept, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, JOB_TAGS_WITHOUT_VALUE, putTags } from './tags.ts'

/** InvalidRequestException for tags that no resource can be created with. */
export function checkTags(
  _state: RegistryState,
  tags: readonly Tag[] | undefined,
): Outcome<undefined> {
  return checkNewTags(tags, JOB_TAGS_WITHOUT_VALUE) ?? accept(undefined)
}

/** Tags a resource of another package at its creation; the tags are checked. */
export function setTags(
  state: RegistryState,
  resourceArn: string,
  tags: readonly Tag[] | undefined,
): void {
  state.tags.byArn.delete(resourceArn)
  putTags(state, resourceArn, tags)
}

/** Forgets the tags of a resource that is deleted. */
export function forgetTags(state: RegistryState, resourceArn: string): void {
  state.tags.byArn.delete(resourceArn)
}
