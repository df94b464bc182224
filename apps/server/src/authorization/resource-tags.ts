/**
 * Tags of resources, for `aws:ResourceTag/…`.
 */
import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '@aws-sdk/client-iot'
import type { Outcome } from '@muster/model'

/** The one operation of the registry that this reads by. */
export interface TaggedResources {
  listTagsForResource(
    input: ListTagsForResourceRequest,
    nowMs: number,
  ): Outcome<ListTagsForResourceResponse>
}

/** Tags by ARN; what does not exist or takes no tags has none. */
export function tagsByArn(registry: TaggedResources): (arn: string) => Record<string, string> {
  return (resourceArn) => {
    const listed = registry.listTagsForResource({ resourceArn }, 0)
    const tags: Record<string, string> = {}
    if (!listed.ok) return tags
    for (const { Key, Value } of listed.value.tags ?? []) {
      if (Key !== undefined) tags[Key] = Value ?? ''
    }
    return tags
  }
}
