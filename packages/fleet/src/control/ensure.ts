/**
 * What a fleet needs of an account, made unless it is there. Each throws ControlPlaneError when the
 * operator may not, or the server does not answer.
 */
import {
  CreatePolicyCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  CreateThingTypeCommand,
  DescribeThingGroupCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { call, isRefusal } from './control-plane.ts'
import type { DeviceRegistration } from './device-registration.ts'

/**
 * A thing with its type and attributes; one that is there keeps its own.
 *
 * @returns its ARN
 */
export async function ensureThing(client: IoTClient, device: DeviceRegistration): Promise<string> {
  const { thingName, thingType, attributes } = device
  try {
    const made = await call(
      'CreateThing',
      client.send(
        new CreateThingCommand({
          thingName,
          ...(thingType === undefined ? {} : { thingTypeName: thingType }),
          ...(Object.keys(attributes).length === 0 ? {} : { attributePayload: { attributes } }),
        }),
      ),
    )
    return made.thingArn ?? ''
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
    const { resourceArn } = (cause as { cause: { resourceArn?: string } }).cause
    return resourceArn ?? ''
  }
}

/**
 * A thing group, below `parent` where it is made now.
 *
 * @returns its ARN
 */
export async function ensureGroup(
  client: IoTClient,
  name: string,
  parent?: string,
): Promise<string> {
  try {
    const made = await call(
      'CreateThingGroup',
      client.send(
        new CreateThingGroupCommand({
          thingGroupName: name,
          ...(parent === undefined ? {} : { parentGroupName: parent }),
        }),
      ),
    )
    return made.thingGroupArn ?? ''
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
    const found = await call(
      'DescribeThingGroup',
      client.send(new DescribeThingGroupCommand({ thingGroupName: name })),
    )
    return found.thingGroupArn ?? ''
  }
}

/** A thing type. */
export async function ensureThingType(client: IoTClient, thingTypeName: string): Promise<void> {
  try {
    await call('CreateThingType', client.send(new CreateThingTypeCommand({ thingTypeName })))
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
  }
}

/** A policy; one that is there keeps its document. */
export async function ensurePolicy(
  client: IoTClient,
  name: string,
  document: string,
): Promise<void> {
  const input = { policyName: name, policyDocument: document }
  try {
    await call('CreatePolicy', client.send(new CreatePolicyCommand(input)))
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
  }
}
