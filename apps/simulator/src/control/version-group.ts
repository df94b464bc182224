/**
 * The dynamic thing group of a fleet's things whose shadow reports a version.
 */
import {
  CreateDynamicThingGroupCommand,
  GetIndexingConfigurationCommand,
  UpdateIndexingConfigurationCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { call } from '@muster/fleet/control'

/**
 * Makes the group, or finds it, and switches on what it needs: things indexed with their shadow. What
 * else is indexed stays.
 *
 * @param rootGroup - thing group of the fleet, or what the names of its groups begin with
 * @returns its ARN
 */
export async function versionGroup(
  client: IoTClient,
  rootGroup: string,
  version: string,
): Promise<string> {
  await indexShadows(client)
  const thingGroupName = `${rootGroup}-version-${version.replaceAll('.', '_')}`
  const queryString = `shadow.reported.version:${version} AND thingGroupNames:${rootGroup}*`
  const { thingGroupArn = '' } = await call(
    'CreateDynamicThingGroup',
    client.send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString })),
  )
  return thingGroupArn
}

async function indexShadows(client: IoTClient): Promise<void> {
  const { thingIndexingConfiguration: things } = await call(
    'GetIndexingConfiguration',
    client.send(new GetIndexingConfigurationCommand({})),
  )
  if (things?.thingIndexingMode === 'REGISTRY_AND_SHADOW') return
  const { managedFields: _managed, ...rest } = things ?? { thingIndexingMode: 'OFF' }
  const thingIndexingConfiguration = { ...rest, thingIndexingMode: 'REGISTRY_AND_SHADOW' as const }
  const command = new UpdateIndexingConfigurationCommand({ thingIndexingConfiguration })
  await call('UpdateIndexingConfiguration', client.send(command))
}
