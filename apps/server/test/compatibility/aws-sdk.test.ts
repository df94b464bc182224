/**
 * The AWS SDK for JavaScript v3, unmodified: jobs, certificates, policies and both data planes, with
 * its paginators and its own exception classes. The registry: `registry-sdk.test.ts`.
 */
import * as control from '@aws-sdk/client-iot'
import * as data from '@aws-sdk/client-iot-data-plane'
import * as jobsData from '@aws-sdk/client-iot-jobs-data-plane'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'walker', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

/** Each call must fail with exactly this class of the SDK. */
async function fails(
  call: Promise<unknown>,
  type: new (...options: never[]) => Error,
  members: object = {},
): Promise<void> {
  const failure = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(failure).toBeInstanceOf(type)
  expect(failure).toMatchObject({ message: expect.stringMatching(/./), ...members })
}

const document = JSON.stringify({ operation: 'reboot' })

describe('@aws-sdk/client-iot', () => {
  it('gateway probe 2: jobs', async () => {
    const { iot } = server
    const { thingName, thingArn } = device
    const job = { jobId: 'walk', targets: [thingArn], document, description: 'first' }
    const created = await iot.send(new control.CreateJobCommand(job))
    expect(created).toMatchObject({
      jobId: 'walk',
      jobArn: 'arn:aws:iot:us-east-1:123456789012:job/walk',
      description: 'first',
    })
    await fails(
      iot.send(new control.CreateJobCommand({ ...job, document: '{}' })),
      control.ResourceAlreadyExistsException,
      { resourceId: 'walk', $metadata: expect.objectContaining({ httpStatusCode: 409 }) },
    )
    await fails(
      iot.send(new control.CreateJobCommand({ ...job, jobId: 'none', targets: [`${thingArn}-2`] })),
      control.ResourceNotFoundException,
    )
    await fails(
      iot.send(new control.CreateJobCommand({ ...job, jobId: 'bad', document: '{' })),
      control.InvalidRequestException,
    )
    const described = await iot.send(new control.DescribeJobCommand({ jobId: 'walk' }))
    expect(described.job).toMatchObject({
      status: 'IN_PROGRESS',
      targetSelection: 'SNAPSHOT',
      jobProcessDetails: { numberOfQueuedThings: 1 },
    })
    expect(described.job?.createdAt).toBeInstanceOf(Date)
    const text = await iot.send(new control.GetJobDocumentCommand({ jobId: 'walk' }))
    expect(JSON.parse(text.document ?? '')).toEqual({ operation: 'reboot' })
    await iot.send(new control.UpdateJobCommand({ jobId: 'walk', description: 'second' }))
    const execution = await iot.send(
      new control.DescribeJobExecutionCommand({ jobId: 'walk', thingName }),
    )
    expect(execution.execution).toMatchObject({ status: 'QUEUED', executionNumber: 1, thingArn })
    await fails(
      iot.send(
        new control.CancelJobExecutionCommand({ jobId: 'walk', thingName, expectedVersion: 9 }),
      ),
      control.VersionConflictException,
    )
    await fails(
      iot.send(new control.DeleteJobCommand({ jobId: 'walk' })),
      control.InvalidStateTransitionException,
    )
    await iot.send(new control.CancelJobExecutionCommand({ jobId: 'walk', thingName }))
    await fails(
      iot.send(new control.CancelJobExecutionCommand({ jobId: 'walk', thingName })),
      control.InvalidStateTransitionException,
    )
    const executionNumber = 1
    await iot.send(
      new control.DeleteJobExecutionCommand({ jobId: 'walk', thingName, executionNumber }),
    )
    await iot.send(new control.DeleteJobCommand({ jobId: 'walk', force: true }))
    await server.advance(60)
    await fails(
      iot.send(new control.DescribeJobCommand({ jobId: 'walk' })),
      control.ResourceNotFoundException,
    )
  })

  it('gateway probe 2: a continuous job, templates and tags', async () => {
    const { iot } = server
    const { thingGroupArn = '' } = await iot.send(
      new control.CreateThingGroupCommand({ thingGroupName: 'walkers' }),
    )
    const { jobTemplateArn } = await iot.send(
      new control.CreateJobTemplateCommand({
        jobTemplateId: 'reboot',
        description: 'reboots',
        document,
        timeoutConfig: { inProgressTimeoutInMinutes: 10 },
      }),
    )
    await iot.send(
      new control.CreateJobCommand({
        jobId: 'continuous',
        targets: [thingGroupArn],
        targetSelection: 'CONTINUOUS',
        jobTemplateArn,
        tags: [{ Key: 'a', Value: '1' }],
      }),
    )
    const { thingName } = device
    await iot.send(
      new control.AddThingToThingGroupCommand({ thingGroupName: 'walkers', thingName }),
    )
    await server.advance(1)
    const executions = await all(
      control.paginateListJobExecutionsForJob(
        { client: iot, pageSize: 1 },
        { jobId: 'continuous' },
      ),
      (page) => page.executionSummaries,
    )
    expect(executions).toMatchObject([{ thingArn: device.thingArn }])
    const { job } = await iot.send(new control.DescribeJobCommand({ jobId: 'continuous' }))
    expect(job).toMatchObject({ timeoutConfig: { inProgressTimeoutInMinutes: 10 }, jobTemplateArn })
    const tags = await iot.send(
      new control.ListTagsForResourceCommand({ resourceArn: job?.jobArn ?? '' }),
    )
    expect(tags.tags).toEqual([{ Key: 'a', Value: '1' }])
    await iot.send(new control.CancelJobCommand({ jobId: 'continuous', comment: 'enough' }))
    await iot.send(new control.DeleteJobTemplateCommand({ jobTemplateId: 'reboot' }))
  })

  it('gateway G82: paginators walk every dialect, each element once', async () => {
    const { iot } = server
    const names = ['p1', 'p2', 'p3', 'p4', 'p5']
    const before = await all(
      control.paginateListPolicies({ client: iot, pageSize: 2 }, {}),
      (page) => page.policies?.map((policy) => policy.policyName),
    )
    for (const name of names) {
      await iot.send(new control.CreateThingCommand({ thingName: name }))
      const policy = { policyName: name, policyDocument: OPEN_POLICY }
      await iot.send(new control.CreatePolicyCommand(policy))
      const thing = `arn:aws:iot:us-east-1:123456789012:thing/${name}`
      await iot.send(
        new control.CreateJobCommand({ jobId: `page-${name}`, targets: [thing], document }),
      )
    }
    const things = await all(control.paginateListThings({ client: iot, pageSize: 2 }, {}), (page) =>
      page.things?.map((thing) => thing.thingName),
    )
    expect(things).toHaveLength(names.length + 1)
    expect(new Set(things)).toEqual(new Set([...names, device.thingName]))
    const jobs = await all(
      control.paginateListJobs({ client: iot, pageSize: 2 }, { status: 'IN_PROGRESS' }),
      (page) => page.jobs?.map((job) => job.jobId),
    )
    expect(jobs).toHaveLength(names.length)
    expect(new Set(jobs)).toEqual(new Set(names.map((name) => `page-${name}`)))
    const policies = await all(
      control.paginateListPolicies({ client: iot, pageSize: 2 }, {}),
      (page) => page.policies?.map((policy) => policy.policyName),
    )
    expect(policies).toHaveLength(before.length + names.length)
    expect(new Set(policies)).toEqual(new Set([...before, ...names]))
    await fails(
      iot.send(new control.ListThingsCommand({ nextToken: 'bogus' })),
      control.InvalidRequestException,
    )
  })

  it('gateway probe 2: certificates and policies', async () => {
    const { iot } = server
    const made = await iot.send(new control.CreateKeysAndCertificateCommand({}))
    const { certificateId = '', certificateArn: target = '' } = made
    expect(made.keyPair?.PrivateKey).toMatch(/BEGIN RSA PRIVATE KEY/)
    const { certificateDescription } = await iot.send(
      new control.DescribeCertificateCommand({ certificateId }),
    )
    expect(certificateDescription).toMatchObject({ status: 'INACTIVE', certificateArn: target })
    expect(certificateDescription?.validity?.notAfter).toEqual(new Date('2049-12-31T23:59:59Z'))
    await iot.send(new control.UpdateCertificateCommand({ certificateId, newStatus: 'ACTIVE' }))
    await fails(
      iot.send(new control.DeleteCertificateCommand({ certificateId })),
      control.CertificateStateException,
      { $metadata: expect.objectContaining({ httpStatusCode: 406 }) },
    )
    const policyName = 'versions'
    const policy = { policyName, policyDocument: OPEN_POLICY }
    await iot.send(new control.CreatePolicyCommand(policy))
    await fails(
      iot.send(new control.CreatePolicyCommand({ policyName: 'bad', policyDocument: '{' })),
      control.MalformedPolicyException,
    )
    for (let version = 2; version <= 5; version++) {
      await iot.send(new control.CreatePolicyVersionCommand({ ...policy, setAsDefault: true }))
    }
    await fails(
      iot.send(new control.CreatePolicyVersionCommand(policy)),
      control.VersionsLimitExceededException,
    )
    await iot.send(new control.AttachPolicyCommand({ policyName, target }))
    await fails(
      iot.send(new control.DeletePolicyCommand({ policyName })),
      control.DeleteConflictException,
    )
    const attached = await iot.send(new control.ListAttachedPoliciesCommand({ target }))
    expect(attached.policies).toMatchObject([{ policyName }])
    await iot.send(new control.DetachPolicyCommand({ policyName, target }))
    await iot.send(new control.UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
    await iot.send(new control.DeleteCertificateCommand({ certificateId }))
    await fails(
      iot.send(new control.DescribeCertificateCommand({ certificateId })),
      control.ResourceNotFoundException,
    )
    await fails(
      iot.send(new control.RegisterCertificateCommand({ certificatePem: device.certificatePem })),
      control.IoTServiceException,
    )
  })

  it('gateway G129: wrong credentials and an unimplemented operation have their own names', async () => {
    const stranger = new control.IoTClient({
      endpoint: server.httpUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' },
    })
    onTestFinished(() => stranger.destroy())
    await expect(stranger.send(new control.ListThingsCommand({}))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    })
    await expect(server.iot.send(new control.ListTopicRulesCommand({}))).rejects.toMatchObject({
      message: expect.stringContaining('ListTopicRules'),
      $metadata: { httpStatusCode: 501 },
    })
  })
})

describe('@aws-sdk/client-iot-jobs-data-plane', () => {
  it('gateway probe 2, G125: a job to its end', async () => {
    const { iot, jobsData: client } = server
    const { thingName, thingArn } = device
    const jobId = 'by-https'
    await iot.send(new control.CreateJobCommand({ jobId, targets: [thingArn], document }))
    const pending = await client.send(new jobsData.GetPendingJobExecutionsCommand({ thingName }))
    expect(pending.queuedJobs).toMatchObject([{ jobId }])
    const next = await client.send(
      new jobsData.DescribeJobExecutionCommand({ thingName, jobId: '$next' }),
    )
    expect(next.execution).toMatchObject({ jobId, status: 'QUEUED', jobDocument: document })
    const started = await client.send(
      new jobsData.StartNextPendingJobExecutionCommand({ thingName, stepTimeoutInMinutes: 5 }),
    )
    expect(started.execution).toMatchObject({ status: 'IN_PROGRESS', versionNumber: 2 })
    const update = { thingName, jobId, status: 'SUCCEEDED' as const, expectedVersion: 2 }
    await fails(
      client.send(new jobsData.UpdateJobExecutionCommand({ ...update, expectedVersion: 7 })),
      jobsData.InvalidStateTransitionException,
    )
    const ended = await client.send(
      new jobsData.UpdateJobExecutionCommand({ ...update, includeJobExecutionState: true }),
    )
    expect(ended.executionState).toMatchObject({ status: 'SUCCEEDED', versionNumber: 3 })
    await fails(
      client.send(new jobsData.DescribeJobExecutionCommand({ thingName, jobId })),
      jobsData.TerminalStateException,
      { $metadata: expect.objectContaining({ httpStatusCode: 410 }) },
    )
    await fails(
      client.send(new jobsData.DescribeJobExecutionCommand({ thingName, jobId: 'none' })),
      jobsData.ResourceNotFoundException,
    )
    await fails(
      client.send(new jobsData.GetPendingJobExecutionsCommand({ thingName: 'nobody' })),
      jobsData.ResourceNotFoundException,
    )
  })
})

describe('@aws-sdk/client-iot-data-plane', () => {
  it('gateway probe 2, G59 to G66: publish, retained messages, connections', async () => {
    const { iotData } = server
    const client = await connectMqtt(server, device, { protocolVersion: 5 })
    onTestFinished(() => client.endAsync())
    await client.subscribeAsync('sdk/#', { qos: 1 })
    const received = new Promise((resolve) =>
      client.once('message', (topic, payload, { properties }) =>
        resolve({ topic, text: payload.toString(), properties }),
      ),
    )
    await iotData.send(
      new data.PublishCommand({
        topic: 'sdk/a b',
        qos: 1,
        retain: true,
        payload: Buffer.from('hello'),
        contentType: 'text/plain',
      }),
    )
    expect(await received).toMatchObject({
      topic: 'sdk/a b',
      text: 'hello',
      properties: { contentType: 'text/plain' },
    })
    const kept = await iotData.send(new data.GetRetainedMessageCommand({ topic: 'sdk/a b' }))
    expect(Buffer.from(kept.payload ?? []).toString()).toBe('hello')
    const topics = await all(
      data.paginateListRetainedMessages({ client: iotData, pageSize: 1 }, {}),
      (page) => page.retainedTopics?.map(({ topic }) => topic),
    )
    expect(topics).toEqual(['sdk/a b'])
    await fails(
      iotData.send(new data.GetRetainedMessageCommand({ topic: 'sdk/none' })),
      data.ResourceNotFoundException,
    )
    await fails(
      iotData.send(new data.PublishCommand({ topic: '$aws/events/presence/connected/x' })),
      data.InvalidRequestException,
    )
    const clientId = device.thingName
    const connection = await iotData.send(new data.GetConnectionCommand({ clientId }))
    expect(connection).toMatchObject({ connected: true })
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    await iotData.send(new data.DeleteConnectionCommand({ clientId, cleanSession: true }))
    await closed
    await fails(
      iotData.send(new data.DeleteConnectionCommand({ clientId: 'nobody' })),
      data.ResourceNotFoundException,
    )
  })
})

/** What all pages hold. */
async function all<Page, T>(
  pages: AsyncIterable<Page>,
  of: (page: Page) => readonly T[] | undefined,
): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(...(of(page) ?? []))
  return found
}
