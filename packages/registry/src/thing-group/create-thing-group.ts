/**
 * CreateThingGroup (gateway G75).
 */
import type { CreateThingGroupRequest, CreateThingGroupResponse } from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  present,
  refuse,
  type Outcome,
  type Refused,
} from '@muster/model'
import {
  ATTRIBUTES_MAX,
  changedAttributes,
  checkAttributes,
  givenName,
  sameAttributes,
} from '../state/constraints.ts'
import type { ThingGroupRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, putTags, tagsByKey, TAGS_WITHOUT_VALUE } from '../tag/tags.ts'
import { notForDynamicGroups } from './dynamic-refusal.ts'

/** Groups from a root to its deepest descendant, and direct children of one group (G75). */
const DEPTH_MAX = 7
const CHILDREN_MAX = 100

/**
 * Creates a static group; the same group again answers as the first time.
 *
 * @returns ResourceAlreadyExistsException for other properties or tags under the name,
 *   InvalidRequestException for an absent or dynamic parent, an eighth level, a 101st child, bad
 *   names, attributes or tags
 */
export function createThingGroup(
  state: RegistryState,
  input: CreateThingGroupRequest,
  nowMs: number,
): Outcome<CreateThingGroupResponse> {
  const { parentGroupName, thingGroupProperties } = input
  const name = givenName('thingGroupName', input.thingGroupName)
  if (!name.ok) return name
  const thingGroupName = name.value
  const thingGroupArn = iotArn(state.ports.account, 'thinggroup', thingGroupName)
  const attributes = changedAttributes({}, thingGroupProperties?.attributePayload)
  const description = thingGroupProperties?.thingGroupDescription
  const existing = state.thingGroups.byName.get(thingGroupName)
  if (existing !== undefined) {
    const same =
      existing.dynamic === undefined &&
      existing.parentGroupName === parentGroupName &&
      (existing.description ?? '') === (description ?? '') &&
      sameAttributes(existing.attributes, attributes)
    if (!same) return thingGroupExists(`Thing Group ${thingGroupName}`)
    const tagged = state.tags.byArn.get(thingGroupArn) ?? {}
    if (!sameAttributes(tagged, tagsByKey(input.tags))) {
      return thingGroupExists(`Resource ${thingGroupArn}`)
    }
    return accept({ thingGroupName, thingGroupArn, thingGroupId: existing.thingGroupId })
  }
  const bad =
    checkAttributes(attributes, ATTRIBUTES_MAX) ??
    checkParent(state, parentGroupName) ??
    checkNewTags(input.tags, TAGS_WITHOUT_VALUE)
  if (bad !== undefined) return bad
  const group: ThingGroupRecord = {
    thingGroupName,
    thingGroupId: state.ports.newId(),
    ...present({ parentGroupName, description }),
    attributes,
    version: 1,
    createdAtMs: nowMs,
  }
  state.thingGroups.byName.set(thingGroupName, group)
  putTags(state, thingGroupArn, input.tags)
  state.emit({ kind: 'thingGroup', thingGroupName, after: group })
  return accept({ thingGroupName, thingGroupArn, thingGroupId: group.thingGroupId })
}

/**
 * ResourceAlreadyExistsException of a group with other properties or tags; AWS names the resource
 * in the message alone.
 */
export function thingGroupExists(what: string): Refused {
  return refuse(
    'ResourceAlreadyExistsException',
    `${what} already exists in current account with different properties`,
    { resourceArn: null, resourceId: null },
  )
}

function checkParent(state: RegistryState, parentGroupName?: string): Refused | undefined {
  if (parentGroupName === undefined) return undefined
  const groups = state.thingGroups
  const parent = groups.byName.get(parentGroupName)
  if (parent === undefined || groups.erasures.has(parentGroupName)) {
    return invalidRequest(
      `Cannot create group using non-existing group as parent : ${parentGroupName}`,
    )
  }
  if (parent.dynamic !== undefined) return notForDynamicGroups(state, parentGroupName)
  if (groups.ancestors(parentGroupName).length + 2 > DEPTH_MAX) {
    return invalidRequest(`thing groups are at most ${DEPTH_MAX} levels deep`)
  }
  if (groups.children.get(parentGroupName).size >= CHILDREN_MAX) {
    return invalidRequest(`thing group ${parentGroupName} already has ${CHILDREN_MAX} child groups`)
  }
  return undefined
}
