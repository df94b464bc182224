/** Jobs by the AWS IoT Device SDK for JavaScript v2: both generations of its client. */
import { once } from 'node:events'
import { CreateJobCommand, DescribeJobCommand } from '@aws-sdk/client-iot'
import {
  createDevice,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { iotjobs, mqtt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connect311, connect5 } from './device-sdk-v2-connections.ts'

const { SUCCEEDED } = iotjobs.model.JobStatus
let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function createJob(jobId: string, device: TestDevice): Promise<void> {
  const document = JSON.stringify({ operation: 'reboot' })
  const { thingArn } = device
  await server.iot.send(new CreateJobCommand({ jobId, targets: [thingArn], document }))
}

async function jobStatus(jobId: string): Promise<string | undefined> {
  return (await server.iot.send(new DescribeJobCommand({ jobId }))).job?.status
}

const options = {
  maxRequestResponseSubscriptions: 5,
  maxStreamingSubscriptions: 2,
  operationTimeoutInSeconds: 20,
}
const CLIENTS: readonly (readonly [
  string,
  (device: TestDevice) => Promise<iotjobs.IotJobsClientv2>,
])[] = [
  [
    '3.1.1',
    async (identity) =>
      iotjobs.IotJobsClientv2.newFromMqtt311(await connect311({ server, identity }), options),
  ],
  [
    '5',
    async (identity) =>
      iotjobs.IotJobsClientv2.newFromMqtt5((await connect5({ server, identity })).client, options),
  ],
]

describe('aws-iot-device-sdk-v2, IotJobsClientv2', () => {
  it.each(CLIENTS)(
    'jobs J5, J13, J20, J21, J31, J32, J38, J40: notification to the end by MQTT %s',
    async (level, open) => {
      const device = await createDevice(server.iot, `v2-${level.replaceAll('.', '')}`)
      const { thingName } = device
      const client = await open(device)
      onTestFinished(() => client.close())
      expect(await client.getPendingJobExecutions({ thingName })).toMatchObject({
        queuedJobs: [],
        inProgressJobs: [],
      })

      const heads = client.createNextJobExecutionChangedStream({ thingName })
      const lists = client.createJobExecutionsChangedStream({ thingName })
      for (const stream of [heads, lists]) {
        onTestFinished(() => stream.close())
        const subscribed = once(stream, 'subscriptionStatus')
        stream.open()
        await subscribed
      }
      const head = once(heads, 'incomingPublish')
      const list = once(lists, 'incomingPublish')
      const jobId = `job-${thingName}`
      await createJob(jobId, device)
      const [announced] = await head
      expect(announced.message.execution).toMatchObject({
        jobId,
        status: 'QUEUED',
        versionNumber: 1,
        jobDocument: { operation: 'reboot' },
      })
      expect((await list)[0].message.jobs).toMatchObject({ QUEUED: [{ jobId }] })

      const pending = await client.getPendingJobExecutions({ thingName })
      expect(pending.queuedJobs).toMatchObject([{ jobId, executionNumber: 1 }])
      const started = await client.startNextPendingJobExecution({
        thingName,
        statusDetails: { step: 'download' },
        stepTimeoutInMinutes: 5,
      })
      expect(started.execution).toMatchObject({ jobId, status: 'IN_PROGRESS', versionNumber: 2 })
      const described = await client.describeJobExecution({ thingName, jobId })
      expect(described.execution).toMatchObject({
        statusDetails: { step: 'download' },
        jobDocument: { operation: 'reboot' },
      })
      const update = { thingName, jobId, status: SUCCEEDED }
      await expect(
        client.updateJobExecution({ ...update, expectedVersion: 7 }),
      ).rejects.toMatchObject({
        modeledError: { code: 'VersionMismatch', executionState: { versionNumber: 2 } },
      })
      const ended = await client.updateJobExecution({
        ...update,
        expectedVersion: 2,
        includeJobExecutionState: true,
      })
      expect(ended.executionState).toMatchObject({ status: 'SUCCEEDED', versionNumber: 3 })
      await expect(client.updateJobExecution(update)).rejects.toMatchObject({
        modeledError: { code: 'InvalidStateTransition', executionState: { status: 'SUCCEEDED' } },
      })
      expect(await jobStatus(jobId)).toBe('COMPLETED')
      await expect(client.describeJobExecution({ thingName, jobId: 'none' })).rejects.toMatchObject(
        {
          modeledError: { code: 'ResourceNotFound' },
        },
      )
    },
  )
})

describe('aws-iot-device-sdk-v2, IotJobsClient', () => {
  it.each(['3.1.1', '5'])(
    'jobs J5, J11, J21, J28, J31: subscriptions and publishes by MQTT %s',
    async (level) => {
      const device = await createDevice(server.iot, `v1-${level.replaceAll('.', '')}`)
      const { thingName } = device
      const client =
        level === '5'
          ? iotjobs.IotJobsClient.newFromMqtt5Client(
              (await connect5({ server, identity: device })).client,
            )
          : new iotjobs.IotJobsClient(await connect311({ server, identity: device }))
      const qos = mqtt.QoS.AtLeastOnce
      const jobId = `job-${thingName}`

      const head = message<iotjobs.model.NextJobExecutionChangedEvent>((take) =>
        client.subscribeToNextJobExecutionChangedEvents({ thingName }, qos, take),
      )
      const started = message<iotjobs.model.StartNextJobExecutionResponse>((take) =>
        client.subscribeToStartNextPendingJobExecutionAccepted({ thingName }, qos, take),
      )
      const updated = message<iotjobs.model.UpdateJobExecutionResponse>((take) =>
        client.subscribeToUpdateJobExecutionAccepted({ thingName, jobId }, qos, take),
      )
      const rejected = message<iotjobs.model.RejectedErrorResponse>((take) =>
        client.subscribeToUpdateJobExecutionRejected({ thingName, jobId }, qos, take),
      )
      for (const { subscribed } of [head, started, updated, rejected]) await subscribed
      await createJob(jobId, device)
      expect((await head.first).execution).toMatchObject({ jobId, status: 'QUEUED' })
      await client.publishStartNextPendingJobExecution({ thingName }, qos)
      expect((await started.first).execution).toMatchObject({ jobId, status: 'IN_PROGRESS' })
      const update = { thingName, jobId, status: SUCCEEDED, includeJobExecutionState: true }
      await client.publishUpdateJobExecution({ ...update, expectedVersion: 9 }, qos)
      expect(await rejected.first).toMatchObject({ code: 'VersionMismatch' })
      await client.publishUpdateJobExecution({ ...update, expectedVersion: 2 }, qos)
      expect((await updated.first).executionState).toMatchObject({ status: 'SUCCEEDED' })
      expect(await jobStatus(jobId)).toBe('COMPLETED')
    },
  )
})

/** What a subscription of the first client brings first. */
function message<T>(subscribe: (take: (error?: Error, response?: T) => void) => Promise<unknown>): {
  subscribed: Promise<unknown>
  first: Promise<T>
} {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const subscribed = subscribe((error, response) =>
    error === undefined ? resolve(response as T) : reject(error),
  )
  return { subscribed, first: promise }
}
