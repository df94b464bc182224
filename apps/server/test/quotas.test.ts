/** Rate quotas are off by default and a profile when asked for (gateway G123, jobs J113). */
import { CreateThingCommand, ListThingsCommand } from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, startTestServer } from '@muster/testkit'
import { expect, it, onTestFinished } from 'vitest'

it('gateway G123: with --quotas aws a control-plane operation over its rate is ThrottlingException 400', async () => {
  const server = await startTestServer({ quotas: 'aws' })
  onTestFinished(() => server.close())
  const calls = Array.from({ length: 40 }, () => server.iot.send(new ListThingsCommand({})))
  const results = await Promise.allSettled(calls)
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(40)
  expect(refused[0]?.reason).toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400 },
  })
})

it('gateway G123: without the profile nothing is throttled', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const calls = Array.from({ length: 40 }, () => server.iot.send(new ListThingsCommand({})))
  await expect(Promise.all(calls)).resolves.toHaveLength(40)
})

it('jobs J113: with --quotas aws a device over the rate gets RequestThrottled', async () => {
  const server = await startTestServer({ quotas: 'aws' })
  onTestFinished(() => server.close())
  await server.iot.send(new CreateThingCommand({ thingName: 'T1' }))
  const device = await createDevice(server.iot, 'T1')
  const client = await connectMqtt(server, device)
  onTestFinished(() => void client.end(true))
  const codes = new Map<string, number>()
  const done = new Promise<void>((resolve) => {
    let replies = 0
    client.on('message', (topic, payload) => {
      const { code = topic.endsWith('/accepted') ? 'accepted' : topic } = JSON.parse(
        payload.toString(),
      ) as { code?: string }
      codes.set(code, (codes.get(code) ?? 0) + 1)
      replies += 1
      if (replies === 450) resolve()
    })
  })
  for (let n = 0; n < 450; n += 1) client.publish('$aws/things/T1/jobs/get', '{}')
  await done
  expect([...codes.keys()].sort()).toEqual(['RequestThrottled', 'accepted'])
})
