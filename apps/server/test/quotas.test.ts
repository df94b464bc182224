/** Rate quotas are off by default and a profile when asked for (gateway G123, jobs J113). */
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import { ListThingsCommand } from '@aws-sdk/client-iot'
import { GetRetainedMessageCommand, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import {
  connectMqtt,
  createDevice,
  startTestServer,
  TEST_CREDENTIALS,
} from '@muster/server/testkit'
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

it('gateway G39, A11: with --quotas aws a topic retained twice a second over HTTPS is 429', async () => {
  const server = await startTestServer({ quotas: 'aws' })
  onTestFinished(() => server.close())
  const retain = (payload: string): Promise<unknown> =>
    server.iotData.send(new PublishCommand({ topic: 'kept', retain: true, payload }))
  await retain('first')
  await expect(retain('second')).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429 },
  })
  const kept = await server.iotData.send(new GetRetainedMessageCommand({ topic: 'kept' }))
  expect(Buffer.from(kept.payload ?? '').toString()).toBe('first')
})

it('gateway G123: without the profile nothing is throttled', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const calls = Array.from({ length: 40 }, () => server.iot.send(new ListThingsCommand({})))
  await expect(Promise.all(calls)).resolves.toHaveLength(40)
})

it('jobs J113: with --quotas aws devices over the account’s rate get RequestThrottled', async () => {
  const server = await startTestServer({ quotas: 'aws' })
  onTestFinished(() => server.close())
  // Each stays below the 100 publishes a second of one connection (gateway G35).
  const names = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8']
  const codes = new Set<string>()
  const devices = await Promise.all(
    names.map(async (thingName) => connectMqtt(server, await createDevice(server.iot, thingName))),
  )
  const replies = devices.map(
    (client) =>
      new Promise<void>((resolve) => {
        let count = 0
        client.on('message', (topic, payload) => {
          const { code } = JSON.parse(payload.toString()) as { code?: string }
          codes.add(topic.endsWith('/accepted') ? 'accepted' : String(code))
          count += 1
          if (count === 45) resolve()
        })
      }),
  )
  for (let n = 0; n < 45; n += 1) {
    for (const [index, client] of devices.entries()) {
      client.publish(`$aws/things/${names[index]}/jobs/get`, '{}')
    }
  }
  await Promise.all(replies)
  for (const client of devices) client.end(true)
  expect([...codes].sort()).toEqual(['RequestThrottled', 'accepted'])
})

it('identities I89: with --quotas aws identity pools answer TooManyRequestsException 400', async () => {
  const server = await startTestServer({ quotas: 'aws' })
  onTestFinished(() => server.close())
  const cognito = new CognitoIdentityClient({
    endpoint: server.httpUrl,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    maxAttempts: 1,
  })
  onTestFinished(() => cognito.destroy())
  const { IdentityPoolId } = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'app',
      AllowUnauthenticatedIdentities: true,
    }),
  )
  const calls = Array.from({ length: 120 }, () =>
    cognito.send(new GetIdCommand({ IdentityPoolId })),
  )
  const results = await Promise.allSettled(calls)
  const refused = results.filter((result) => result.status === 'rejected')
  expect(results.length - refused.length).toBeGreaterThanOrEqual(25)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused[0]?.reason).toMatchObject({
    name: 'TooManyRequestsException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400 },
  })
})
