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
import { accept, invalidRequest, parseArn, refuse, type Outcome, type Refused } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, putTags, TAGS_MAX } from './tags.ts'

/**
 * Adds tags to a resource, or gives those it has other values.
 *
 * @returns ResourceNotFoundException, LimitExceededException for a 51st tag,
 *   InvalidRequestException for bad tags and for resources that take none
 */
export function tagResource(
  state: RegistryState,
  input: TagResourceRequest,
): Outcome<TagResourceResponse> {
  const { resourceArn = '', tags = [] } = input
  const refused = checkTaggable(state, resourceArn) ?? checkNewTags(tags, 'LimitExceededException')
  if (refused !== undefined) return refused
  const keys = new Set(Object.keys(state.tags.byArn.get(resourceArn) ?? {}))
  for (const { Key = '' } of tags) keys.add(Key)
  if (keys.size > TAGS_MAX) {
    return refuse('LimitExceededException', `${resourceArn} can have at most ${TAGS_MAX} tags`)
  }
  putTags(state, resourceArn, tags)
  return accept({})
}

/** Removes tags; a key that is not there stays away. Refusals as for {@link tagResource}. */
export function untagResource(
  state: RegistryState,
  input: UntagResourceRequest,
): Outcome<UntagResourceResponse> {
  const { resourceArn = '', tagKeys = [] } = input
  const refused = checkTaggable(state, resourceArn)
  if (refused !== undefined) return refused
  const before = state.tags.byArn.get(resourceArn)
  if (before === undefined) return accept({})
  const after = Object.entries(before).filter(([key]) => !tagKeys.includes(key))
  if (after.length === 0) state.tags.byArn.delete(resourceArn)
  else state.tags.byArn.set(resourceArn, Object.fromEntries(after))
  return accept({})
}

/**
 * All tags of a resource: fifty fit on the only page.
 *
 * @returns ResourceNotFoundException, InvalidRequestException for a token: none was ever given
 */
export function listTagsForResource(
  state: RegistryState,
  input: ListTagsForResourceRequest,
): Outcome<ListTagsForResourceResponse> {
  const { resourceArn = '', nextToken } = input
  const refused = checkTaggable(state, resourceArn)
  if (refused !== undefined) return refused
  if (nextToken !== undefined) return invalidRequest('invalid pagination token')
  const tags = Object.entries(state.tags.byArn.get(resourceArn) ?? {})
  return accept({ tags: tags.map(([Key, Value]): Tag => ({ Key, Value })) })
}

function checkTaggable(state: RegistryState, resourceArn: string): Refused | undefined {
  const { account } = state.ports
  const arn = parseArn(resourceArn)
  const at = arn?.resource.indexOf('/') ?? -1
  if (arn === undefined || at < 1 || arn.service !== 'iot') {
    return invalidRequest(`${resourceArn} is no ARN of a taggable resource`)
  }
  const name = arn.resource.slice(at + 1)
  const here = arn.region === account.region && arn.accountId === account.accountId
  const exists = existenceOf(state, arn.resource.slice(0, at), resourceArn)
  if (exists === undefined) return invalidRequest(`${resourceArn} is of a type that takes no tags`)
  if (here && exists(name)) return undefined
  return refuse('ResourceNotFoundException', `Resource ${resourceArn} cannot be found.`)
}

/** How to tell whether a resource of the type exists; undefined for types without tags. */
function existenceOf(
  state: RegistryState,
  type: string,
  resourceArn: string,
): ((name: string) => boolean) | undefined {
  switch (type) {
    case 'thinggroup':
      return (name) => state.thingGroups.byName.has(name)
    case 'thingtype':
      return (name) => state.thingTypes.byName.has(name)
    case 'billinggroup':
      return (name) => state.billingGroups.byName.has(name)
    case 'policy':
      return (name) => state.policies.byName.has(name)
    case 'cacert':
      return (name) => state.certificates.caCertificates.has(name)
    case 'provisioningtemplate':
      return (name) => state.provisioning.templates.has(name)
    case 'job':
    case 'jobtemplate':
      return () => state.ports.resourceExists?.(resourceArn) === true
    default:
      return undefined
  }
}
