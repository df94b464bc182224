/** Makes, changes and deletes groups. */
import {
  CreateDynamicThingGroupCommand,
  CreateThingGroupCommand,
  DeleteDynamicThingGroupCommand,
  DeleteThingGroupCommand,
  UpdateDynamicThingGroupCommand,
  UpdateThingGroupCommand,
  type DescribeThingGroupResponse,
  type IoTClient,
  type ThingGroupProperties,
} from '@aws-sdk/client-iot'
import { attributeMap } from '../things/thing-form.ts'
import type { GroupForm } from './group-form.ts'

/** @throws what CreateThingGroup throws */
export async function createGroup(iot: IoTClient, form: GroupForm): Promise<void> {
  const { groupName: thingGroupName, parentGroupName } = form
  await iot.send(
    new CreateThingGroupCommand({
      thingGroupName,
      ...(parentGroupName === '' ? {} : { parentGroupName }),
      thingGroupProperties: properties(form),
    }),
  )
}

/** @throws what CreateDynamicThingGroup throws: InvalidQueryException for a query that is none */
export async function createDynamicGroup(iot: IoTClient, form: GroupForm): Promise<void> {
  const { groupName: thingGroupName, queryString } = form
  await iot.send(
    new CreateDynamicThingGroupCommand({
      thingGroupName,
      queryString: queryString.trim(),
      thingGroupProperties: properties(form),
    }),
  )
}

function properties({ description, attributes }: GroupForm): ThingGroupProperties {
  return {
    ...(description === '' ? {} : { thingGroupDescription: description }),
    ...(attributes.length === 0
      ? {}
      : { attributePayload: { attributes: attributeMap(attributes) } }),
  }
}

/**
 * Changes description and attributes, and the query of a dynamic group.
 *
 * @param before - as it was when the form was filled: of another version it is not overwritten
 * @throws VersionConflictException, InvalidQueryException, and what the calls throw
 */
export async function updateGroup(
  iot: IoTClient,
  before: DescribeThingGroupResponse,
  form: GroupForm,
): Promise<void> {
  const changed = {
    thingGroupName: form.groupName,
    thingGroupProperties: {
      thingGroupDescription: form.description,
      attributePayload: { attributes: attributeMap(form.attributes), merge: false },
    },
    ...(before.version === undefined ? {} : { expectedVersion: before.version }),
  }
  const queryString = form.queryString.trim()
  await (before.queryString === undefined
    ? iot.send(new UpdateThingGroupCommand(changed))
    : iot.send(
        new UpdateDynamicThingGroupCommand({
          ...changed,
          // The same query sent again would have the group built again.
          ...(queryString === before.queryString ? {} : { queryString }),
        }),
      ))
}

/** @throws what the call throws: InvalidRequestException for a group that has children */
export async function deleteGroup(
  iot: IoTClient,
  { thingGroupName, queryString }: DescribeThingGroupResponse,
): Promise<void> {
  await (queryString === undefined
    ? iot.send(new DeleteThingGroupCommand({ thingGroupName }))
    : iot.send(new DeleteDynamicThingGroupCommand({ thingGroupName })))
}
