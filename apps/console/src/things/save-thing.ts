/** Makes, changes and deletes things. */
import {
  AddThingToThingGroupCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DetachThingPrincipalCommand,
  ListThingPrincipalsCommand,
  UpdateThingCommand,
  UpdateThingGroupsForThingCommand,
  type DescribeThingResponse,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { attributeMap, difference, type ThingForm } from './thing-form.ts'

/** @throws what CreateThing and AddThingToThingGroup throw; the thing is then there without groups */
export async function createThing(iot: IoTClient, form: ThingForm): Promise<void> {
  const { thingName, thingTypeName, attributes, groupNames } = form
  await iot.send(
    new CreateThingCommand({
      thingName,
      ...(thingTypeName === '' ? {} : { thingTypeName }),
      ...(attributes.length === 0
        ? {}
        : { attributePayload: { attributes: attributeMap(attributes) } }),
    }),
  )
  for (const thingGroupName of groupNames) {
    await iot.send(new AddThingToThingGroupCommand({ thingGroupName, thingName }))
  }
}

/**
 * Changes type, attributes and groups of a thing.
 *
 * @param before - as it was when the form was filled: of another version it is not overwritten
 * @throws VersionConflictException, and what the calls throw
 */
export async function updateThing(
  iot: IoTClient,
  before: DescribeThingResponse,
  groupsBefore: readonly string[],
  form: ThingForm,
): Promise<void> {
  const { thingName, thingTypeName, attributes, groupNames } = form
  const removeThingType = thingTypeName === '' && before.thingTypeName !== undefined
  await iot.send(
    new UpdateThingCommand({
      thingName,
      ...(thingTypeName === '' ? {} : { thingTypeName }),
      ...(removeThingType ? { removeThingType } : {}),
      attributePayload: { attributes: attributeMap(attributes), merge: false },
      ...(before.version === undefined ? {} : { expectedVersion: before.version }),
    }),
  )
  const { added, removed } = difference(groupsBefore, groupNames)
  if (added.length + removed.length === 0) return
  await iot.send(
    new UpdateThingGroupsForThingCommand({
      thingName,
      thingGroupsToAdd: [...added],
      thingGroupsToRemove: [...removed],
    }),
  )
}

/**
 * Detaches the thing's principals, which keep being registered, and deletes it.
 *
 * @throws what the calls throw
 */
export async function deleteThing(iot: IoTClient, thingName: string): Promise<void> {
  const { principals = [] } = await iot.send(new ListThingPrincipalsCommand({ thingName }))
  for (const principal of principals) {
    await iot.send(new DetachThingPrincipalCommand({ thingName, principal }))
  }
  await iot.send(new DeleteThingCommand({ thingName }))
}
