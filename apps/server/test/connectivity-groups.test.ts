/** Dynamic groups by connectivity follow presence (gateway G78, G79), and a restart ends it. */
import {
  CreateDynamicThingGroupCommand,
  GetThingConnectivityDataCommand,
  ListThingsInThingGroupCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

const members = async ({ iot }: TestServer, thingGroupName = 'online'): Promise<string[]> =>
  (await iot.send(new ListThingsInThingGroupCommand({ thingGroupName }))).things ?? []

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

it('gateway G78, G80: who left is disconnected, an hour later and after a restart too', async () => {
  let server = await startTestServer()
  onTestFinished(() => server.close())
  const { iot } = server
  await iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
    }),
  )
  for (const [thingGroupName, queryString] of [
    ['offline', 'connectivity.connected:false'],
    ['ended', 'connectivity.disconnectReason:CLIENT_INITIATED_DISCONNECT'],
  ]) {
    await iot.send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString }))
  }
  const device = await createDevice(iot, 'T1')
  const unknown = { connected: false, disconnectReason: 'UNKNOWN' }
  const connectivity = async (): Promise<object> => {
    const command = new GetThingConnectivityDataCommand({ thingName: 'T1' })
    const { $metadata: _, timestamp: _at, ...data } = await server.iot.send(command)
    return data
  }
  expect(await connectivity()).toEqual({ ...unknown, thingName: 'T1' })
  const client = await connectMqtt(server, device)
  expect(await connectivity()).toMatchObject({
    connected: true,
    clientId: 'T1',
    cleanSession: true,
  })
  expect(await members(server, 'offline')).toEqual([])
  await client.endAsync()
  await vi.waitUntil(async () => (await members(server, 'offline')).length === 1)

  server = await server.restart()
  const left = { connected: false, disconnectReason: 'CLIENT_INITIATED_DISCONNECT' }
  expect(await connectivity()).toMatchObject(left)
  expect(await members(server, 'offline')).toEqual(['T1'])
  expect(await members(server, 'ended')).toEqual(['T1'])

  await server.advance(3601)
  expect(await connectivity()).toEqual({ ...unknown, thingName: 'T1' })
  expect(await members(server, 'offline')).toEqual(['T1'])
  expect(await members(server, 'ended')).toEqual([])
})
