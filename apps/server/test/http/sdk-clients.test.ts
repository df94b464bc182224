/** Unmodified SDK clients against the HTTP listener with stub handlers. */
import {
  CreateJobCommand,
  CreateThingCommand,
  DescribeJobCommand,
  IoTClient,
  RegisterThingCommand,
} from '@aws-sdk/client-iot'
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import {
  DescribeJobExecutionCommand,
  IoTJobsDataPlaneClient,
  StartNextPendingJobExecutionCommand,
} from '@aws-sdk/client-iot-jobs-data-plane'
import { accept, refuse } from '@muster/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFixture, type HttpFixture, type Stub, type StubCall } from './http-fixture.ts'

let fixture: HttpFixture
const calls: StubCall[] = []
const echo =
  (output: object): Stub =>
  (call) => {
    calls.push(call)
    return accept(output)
  }

beforeAll(async () => {
  fixture = await startFixture({
    iot: {
      CreateThing: echo({ thingName: 'T:1', thingArn: 'arn', thingId: 'id' }),
      RegisterThing: echo({ resourceArns: { a: 'b' } }),
      CreateJob: echo({ jobArn: 'arn', jobId: 'J' }),
      DescribeJob: () => accept({ job: { jobId: 'J', createdAt: new Date(1_700_000_000_123) } }),
    },
    iotdata: { Publish: echo({ message: 'OK' }) },
    jobs: {
      DescribeJobExecution: echo({ execution: { jobId: 'J', queuedAt: 5 } }),
      StartNextPendingJobExecution: () =>
        refuse('InvalidStateTransitionException', 'no', { executionState: { status: 'FAILED' } }),
    },
  })
})
afterAll(() => fixture.close())

function settings(): {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
} {
  return {
    endpoint: fixture.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
}

it('design 2: path and body members reach the handler in the SDK’s names and types', async () => {
  const iot = new IoTClient(settings())
  await iot.send(
    new CreateThingCommand({ thingName: 'T:1', attributePayload: { attributes: { a: 'b' } } }),
  )
  expect(calls.at(-1)?.input).toEqual({
    thingName: 'T:1',
    attributePayload: { attributes: { a: 'b' } },
  })
})

it('gateway G113: POST /things is RegisterThing', async () => {
  const iot = new IoTClient(settings())
  const output = await iot.send(new RegisterThingCommand({ templateBody: '{}' }))
  expect(output.resourceArns).toEqual({ a: 'b' })
})

it('gateway G82: control-plane times are epoch seconds with fraction', async () => {
  const iot = new IoTClient(settings())
  const { job } = await iot.send(new DescribeJobCommand({ jobId: 'J' }))
  expect(job?.createdAt).toEqual(new Date(1_700_000_000_123))
})

it('jobs J45: `$next` arrives encoded on Describe', async () => {
  const jobs = new IoTJobsDataPlaneClient(settings())
  const { execution } = await jobs.send(
    new DescribeJobExecutionCommand({ jobId: '$next', thingName: 'T:1', executionNumber: 3 }),
  )
  expect(execution).toEqual({ jobId: 'J', queuedAt: 5 })
  expect(calls.at(-1)?.input).toEqual({ jobId: '$next', thingName: 'T:1', executionNumber: 3 })
})

it('jobs J49: a refusal is the SDK’s typed exception', async () => {
  const jobs = new IoTJobsDataPlaneClient({ ...settings(), maxAttempts: 1 })
  const sent = jobs.send(new StartNextPendingJobExecutionCommand({ thingName: 'T' }))
  await expect(sent).rejects.toMatchObject({
    name: 'InvalidStateTransitionException',
    message: 'no',
    $metadata: { httpStatusCode: 409 },
  })
})

it('gateway G59: Publish carries payload and query', async () => {
  const data = new IoTDataPlaneClient(settings())
  await data.send(
    new PublishCommand({ topic: 'a/b', qos: 1, payload: new Uint8Array([1, 2]), retain: true }),
  )
  expect(calls.at(-1)?.input).toEqual({
    topic: 'a/b',
    qos: 1,
    retain: true,
    payload: new Uint8Array([1, 2]),
  })
})

it('design 2: an operation without a handler answers 501 naming itself', async () => {
  const iot = new IoTClient({ ...settings(), maxAttempts: 1 })
  const { CreateStreamCommand } = await import('@aws-sdk/client-iot')
  const sent = iot.send(new CreateStreamCommand({ streamId: 's', files: [], roleArn: 'r' }))
  await expect(sent).rejects.toMatchObject({
    message: expect.stringContaining('CreateStream'),
    $metadata: { httpStatusCode: 501 },
  })
})

it('jobs CreateJob keeps numbers, lists and nested structures', async () => {
  const iot = new IoTClient(settings())
  await iot.send(
    new CreateJobCommand({
      jobId: 'J',
      targets: ['arn:aws:iot:us-east-1:123456789012:thing/T'],
      document: '{}',
      jobExecutionsRolloutConfig: {
        exponentialRate: {
          baseRatePerMinute: 50,
          incrementFactor: 1.5,
          rateIncreaseCriteria: { numberOfNotifiedThings: 10 },
        },
      },
    }),
  )
  expect(calls.at(-1)?.input).toMatchObject({
    jobExecutionsRolloutConfig: { exponentialRate: { incrementFactor: 1.5 } },
  })
})
