/** What a device hears and says beside its jobs. */
import { expect, it, onTestFinished } from 'vitest'
import { startDevice, type DeviceMessage } from '../src/index.ts'
import { StandInServer } from './stand-in-server.ts'

it('gateway G41: subscribes its own filters eight at a time after those of its jobs, and hears them', async () => {
  const asked: (readonly string[])[] = []
  const server = await StandInServer.start({
    subscribe: (filters) => {
      asked.push(filters)
      return true
    },
    request: (request) => request.accept(),
  })
  onTestFinished(() => server.stop())
  const heard = Promise.withResolvers<DeviceMessage>()
  const subscriptions = Array.from({ length: 9 }, (_, place) => `lamps/${place}`)
  const device = await startDevice({
    endpoint: server.endpoint,
    identity: server.identity('lamp'),
    thingName: 'lamp',
    subscriptions,
    observer: { message: heard.resolve },
  })
  onTestFinished(() => device.stop())
  expect(asked).toEqual([
    ['$aws/things/lamp/jobs/notify-next'],
    subscriptions.slice(0, 8),
    subscriptions.slice(8),
  ])
  server.send('lamp', 'lamps/3', { on: true })
  const { payload, topic, userProperties } = await heard.promise
  expect([topic, payload.toString(), userProperties]).toEqual(['lamps/3', '{"on":true}', {}])
})
