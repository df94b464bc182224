/**
 * Operators of an `--iam` file, through AWS's own clients.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DescribeThingGroupCommand,
  IoTClient,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import {
  createDevice,
  requestHttps,
  startTestServer,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arn } from './fake-registry.ts'
import { allow } from './operator-fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-iam-'))
let server: TestServer

const user = (userName: string, ...statements: readonly object[]): object => ({
  userName,
  accessKeys: [{ accessKeyId: userName, secretAccessKey: 'secret' }],
  policies: [{ Version: '2012-10-17', Statement: statements }],
})

beforeAll(async () => {
  const iamFile = join(folder, 'iam.json')
  const users = [
    user('admin', allow('*', '*')),
    user('jobs', allow('iot:CreateJob', [arn('job/*'), arn('thing/a')])),
    user(
      'tags',
      allow('iot:DescribeThingGroup', '*', {
        Condition: { StringEquals: { 'aws:ResourceTag/Owner': '${aws:username}' } },
      }),
    ),
    user('denied', allow('iot:*', '*'), { ...allow('iot:ListThings', '*'), Effect: 'Deny' }),
  ]
  writeFileSync(iamFile, JSON.stringify({ users }))
  server = await startTestServer({ iamFiles: [iamFile] })
  const admin = client('admin')
  for (const thingName of ['a', 'b']) await admin.send(new CreateThingCommand({ thingName }))
  for (const Value of ['tags', 'other']) {
    await admin.send(
      new CreateThingGroupCommand({ thingGroupName: Value, tags: [{ Key: 'Owner', Value }] }),
    )
  }
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

function client(accessKeyId: string): IoTClient {
  return new IoTClient({
    endpoint: server.httpUrl,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
  })
}

async function outcome(sent: Promise<unknown>): Promise<string> {
  try {
    await sent
    return 'done'
  } catch (cause) {
    const { name, message, $metadata } = cause as Error & {
      $metadata?: { httpStatusCode?: number }
    }
    return `${$metadata?.httpStatusCode} ${name}: ${message}`
  }
}

describe('operators', () => {
  it('authz J11: every resource that the request names, before any of them is looked up', async () => {
    const create = (jobId: string, ...targets: string[]): Promise<string> =>
      outcome(client('jobs').send(new CreateJobCommand({ jobId, targets, document: '{}' })))
    expect(await create('j1', arn('thing/a'))).toBe('done')
    const message = `403 AccessDeniedException: User: arn:aws:iam::123456789012:user/jobs is not authorized to perform: iot:CreateJob on resource: `
    expect(await create('j2', arn('thing/a'), arn('thing/b'))).toBe(
      `${message}${arn('thing/b')} because no identity-based policy allows the iot:CreateJob action`,
    )
    expect(await create('j3', arn('thing/nowhere'))).toContain(`${message}${arn('thing/nowhere')}`)
  })

  it('authz A1: IoT policies grant nothing on the control plane', async () => {
    const Statement = [allow('iot:*', '*')]
    const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    const device = await createDevice(client('admin'), 'dev', { policyDocument })
    const answer = await requestHttps(server, device, 'GET', '/policies')
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await outcome(client('jobs').send(new ListThingsCommand({})))).toContain('AccessDenied')
  })

  it('authz J13: resource tags', async () => {
    const describeGroup = (thingGroupName: string): Promise<string> =>
      outcome(client('tags').send(new DescribeThingGroupCommand({ thingGroupName })))
    expect(await describeGroup('tags')).toBe('done')
    expect(await describeGroup('other')).toContain('AccessDeniedException')
  })

  it('authz I4: an explicit deny says so', async () => {
    expect(await outcome(client('denied').send(new ListThingsCommand({})))).toMatch(
      /iot:ListThings on resource: \* with an explicit deny in an identity-based policy$/,
    )
  })

  it('authz I3: the data plane answers ForbiddenException', async () => {
    const data = new IoTDataPlaneClient({
      endpoint: server.httpUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'jobs', secretAccessKey: 'secret' },
      maxAttempts: 1,
    })
    expect(await outcome(data.send(new PublishCommand({ topic: 'a' })))).toBe(
      '403 ForbiddenException: Forbidden',
    )
  })
})
