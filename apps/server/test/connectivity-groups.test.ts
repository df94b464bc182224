/** Dynamic groups by connectivity follow presence (gateway G78, G79), and a restart ends it. */
import {
  CreateDynamicThingGroupCommand,
  ListThingsInThingGroupCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, startTestServer, type TestServer } from '@muster/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

const members = async ({ iot }: TestServer): Promise<string[]> =>
  (await iot.send(new ListThingsInThingGroupCommand({ thingGroupName: 'online' }))).things ?? []

it('gateway G78: a device joins the group when it connects and leaves when it goes', async () => {
  let server = await startTestServer()
  onTestFinished(() => server.close())
  await server.iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
    }),
  )
  await server.iot.send(
    new CreateDynamicThingGroupCommand({
      thingGroupName: 'online',
      queryString: 'connectivity.connected:true',
    }),
  )
  const device = await createDevice(server.iot, 'T1')
  expect(await members(server)).toEqual([])
  const client = await connectMqtt(server, device)
  expect(await members(server)).toEqual(['T1'])
  await client.endAsync()
  await vi.waitUntil(async () => (await members(server)).length === 0)

  const again = await connectMqtt(server, device)
  expect(await members(server)).toEqual(['T1'])
  server = await server.restart()
  again.end(true)
  expect(await members(server)).toEqual([])
})
