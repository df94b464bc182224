/** The page of one thing: the sentence, the connection, the queue, the timeline, what it may do. */
import {
  CreateDynamicThingGroupCommand,
  CreateJobCommand,
  CreateThingGroupCommand,
  DescribeJobExecutionCommand,
  DescribeThingCommand,
  ListThingGroupsForThingCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, jobsPolicy, type TestDevice } from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'
import { pageOverflow } from './page-overflow.ts'

const region = 'eu-west-1'
/** Lets a device connect and listen, and publish nothing. */
const mutePolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['iot:Connect', 'iot:Subscribe', 'iot:Receive'],
      Resource: '*',
    },
  ],
})

const connections: MqttClient[] = []
let pump: TestDevice
let mute: TestDevice

const kit = useConsole({
  prepare: async ({ iot }) => {
    await iot.send(
      new UpdateIndexingConfigurationCommand({
        thingIndexingConfiguration: {
          thingIndexingMode: 'REGISTRY',
          thingConnectivityIndexingMode: 'STATUS',
        },
      }),
    )
    pump = await createDevice(iot, 'pump-1', { policyDocument: jobsPolicy(region) })
    mute = await createDevice(iot, 'mute-1', { policyDocument: mutePolicy })
    await createDevice(iot, 'bare-1', { attached: false })
    await createDevice(iot, 'spare-1', { policyDocument: jobsPolicy(region) })
    await iot.send(new CreateThingGroupCommand({ thingGroupName: 'berlin' }))
    await iot.send(
      new CreateDynamicThingGroupCommand({
        thingGroupName: 'spares',
        queryString: 'thingName:spare*',
      }),
    )
  },
})

afterAll(() => {
  for (const connection of connections) connection.end(true)
})

async function connected(device: TestDevice): Promise<MqttClient> {
  const connection = await connectMqtt(kit.server, device)
  // A refused publish ends the connection: the test expects it.
  connection.on('error', () => undefined)
  connections.push(connection)
  return connection
}

function createJob(jobId: string, thingName: string): Promise<unknown> {
  return kit.server.iot.send(
    new CreateJobCommand({
      jobId,
      targets: [`arn:aws:iot:${region}:123456789012:thing/${thingName}`],
      document: '{"operation":"reboot"}',
    }),
  )
}

const why = () => kit.page.getByRole('region', { name: 'Why is this device not updating?' })
const table = (name: string) => kit.page.getByRole('table', { name, exact: true })
const rowsOf = (name: string) => table(name).getByRole('row')
const connectRow = () =>
  rowsOf('Effective policies').filter({
    has: kit.page.getByText('iot:Connect', { exact: true }),
  })

describe('why is this device not updating?', () => {
  it('is answered for a thing without a certificate, with the next step', async () => {
    await createJob('for-bare', 'bare-1')
    await kit.open('/things/bare-1')
    await why().getByText('certificate').first().waitFor()
    await why().getByText('Next step:').waitFor()
    await table('Certificates').getByText('this thing cannot connect').waitFor()
  })

  it('names the refusal and leads to its denial', async () => {
    await createJob('for-mute', 'mute-1')
    const connection = await connected(mute)
    await connection.subscribeAsync('$aws/things/mute-1/jobs/notify-next')
    connection.publish('$aws/things/mute-1/jobs/start-next', '{}', { qos: 1 })
    await kit.open('/things/mute-1')
    await why().getByText('iot:Publish').first().waitFor()
    await why().getByRole('link', { name: 'Open the denial' }).click()
    await eventually(() => new URL(kit.page.url()).pathname).toMatch(/^\/console\/denials\/\w+$/)
  })

  it('says so for a name that is no thing’s', async () => {
    await kit.open('/things/nobody')
    await why().getByText('There is no thing nobody').waitFor()
    expect(await kit.page.getByRole('button', { name: 'Edit' }).isDisabled()).toBe(true)
  })

  it('follows the device: offline, then at work, then up to date', async () => {
    await createJob('story', 'pump-1')
    await kit.open('/things/pump-1')
    await kit.live()
    await why().getByText('pump-1').first().waitFor()
    const connection = await connected(pump)
    await connection.subscribeAsync('$aws/things/pump-1/jobs/#')
    await connection.publishAsync('$aws/things/pump-1/jobs/start-next', '{}')
    await why().getByText('This device is updating').waitFor()
    await rowsOf('Queue').filter({ hasText: 'story' }).getByText('in progress').waitFor()
    await connection.publishAsync(
      '$aws/things/pump-1/jobs/story/update',
      JSON.stringify({ status: 'SUCCEEDED' }),
    )
    await why().getByText('This device is up to date').waitFor()
    await table('Queue').getByText('No execution waits for this thing.').waitFor()
    await rowsOf('Job executions').filter({ hasText: 'story' }).getByText('succeeded').waitFor()
  })
})

describe('jobs J56: the queue of a thing', () => {
  it('is in the order in which the device gets it, and can be canceled', async () => {
    for (const jobId of ['first', 'second', 'third']) {
      await createJob(jobId, 'pump-1')
      await kit.server.advance(1)
    }
    const connection = await connected(pump)
    await connection.publishAsync('$aws/things/pump-1/jobs/start-next', '{}')
    await kit.open('/things/pump-1')
    await kit.page.getByRole('heading', { name: 'Queue (3)' }).waitFor()
    await rowsOf('Queue').filter({ hasText: 'first' }).getByText('in progress').waitFor()
    const jobs = await table('Queue').getByRole('link').allTextContents()
    expect(jobs).toEqual(['first', 'second', 'third'])

    await kit.page.getByRole('button', { name: 'Cancel the execution of third' }).click()
    await kit.page
      .getByRole('dialog', { name: 'Cancel third on pump-1?' })
      .getByRole('button', { name: 'Cancel execution' })
      .click()
    await kit.page.getByRole('heading', { name: 'Queue (2)' }).waitFor()

    await kit.page.getByRole('button', { name: 'Cancel the execution of first' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Cancel first on pump-1?' })
    await dialog.getByText('canceled by force').waitFor()
    await dialog.getByRole('button', { name: 'Cancel execution' }).click()
    await kit.page.getByRole('heading', { name: 'Queue (1)' }).waitFor()
    const { execution } = await kit.server.iot.send(
      new DescribeJobExecutionCommand({ jobId: 'first', thingName: 'pump-1' }),
    )
    expect(execution).toMatchObject({ status: 'CANCELED', forceCanceled: true })
  })
})

describe('the timeline of a thing', () => {
  it('merges connections, denials, notifications, requests and executions', async () => {
    await kit.open('/things/mute-1')
    for (const what of [
      'Connected',
      'Disconnected',
      'Denied iot:Publish',
      'Notified of',
      'Execution queued',
    ]) {
      await rowsOf('Timeline').filter({ hasText: what }).first().waitFor()
    }
    await rowsOf('Timeline').getByRole('link', { name: 'Open the denial' }).first().waitFor()
    const find = kit.page.getByRole('combobox', { name: 'Find events' })
    await find.fill('Kind = denial')
    await find.press('Enter')
    await rowsOf('Timeline').filter({ hasText: 'Connected' }).waitFor({ state: 'detached' })
    await rowsOf('Timeline').filter({ hasText: 'Denied iot:Publish' }).waitFor()
  })

  it('tells requests and why a connection ended', async () => {
    const connection = await connected(pump)
    await connection.publishAsync('$aws/things/pump-1/jobs/get', '{}', { qos: 1 })
    await connection.endAsync()
    await kit.open('/things/pump-1')
    await rowsOf('Timeline').filter({ hasText: 'GetPendingJobExecutions' }).first().waitFor()
    await rowsOf('Timeline').filter({ hasText: 'CLIENT_INITIATED_DISCONNECT' }).first().waitFor()
    await kit.page
      .getByRole('definition')
      .filter({ hasText: 'CLIENT_INITIATED_DISCONNECT' })
      .waitFor()
  })
})

describe('what a thing is and may do', () => {
  it('is told by certificates, effective policies and groups', async () => {
    await kit.open('/things/spare-1')
    await rowsOf('Certificates').getByText('active').waitFor()
    await rowsOf('Certificates').getByRole('link', { name: 'spare-1-policy' }).waitFor()
    await connectRow().getByText('Allow').waitFor()
    await rowsOf('Effective policies').getByText('of the certificate').first().waitFor()
    await rowsOf('Groups').filter({ hasText: 'spares' }).getByText('Dynamic').waitFor()
  })

  it('is edited: type, groups and attributes', async () => {
    await kit.open('/things/spare-1')
    await kit.page.getByRole('button', { name: 'Edit attributes' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Edit spare-1' })
    await dialog.getByRole('button', { name: 'Add attribute' }).click()
    await dialog.getByRole('textbox', { name: 'Attribute name' }).fill('site')
    await dialog.getByRole('textbox', { name: 'Attribute value' }).fill('oslo')
    await dialog.getByRole('button', { name: 'Groups' }).click()
    await kit.page.getByRole('option', { name: 'berlin' }).click()
    await kit.page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await kit.page.getByText('Thing spare-1 was changed.').waitFor()
    await rowsOf('Attributes').filter({ hasText: 'oslo' }).waitFor()
    await rowsOf('Groups').filter({ hasText: 'berlin' }).waitFor()
    const thing = await kit.server.iot.send(new DescribeThingCommand({ thingName: 'spare-1' }))
    expect(thing.attributes).toEqual({ site: 'oslo' })
    const { thingGroups } = await kit.server.iot.send(
      new ListThingGroupsForThingCommand({ thingName: 'spare-1' }),
    )
    expect(thingGroups?.map(({ groupName }) => groupName)).toEqual(['berlin', 'spares'])
  })

  it('loses a certificate that is detached', async () => {
    await kit.open('/things/spare-1')
    await kit.page.getByRole('button', { name: /^Detach certificate/ }).click()
    await kit.page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click()
    await table('Certificates').getByText('this thing cannot connect').waitFor()
  })

  it('has no serious finding of axe, and fits a narrow screen', async () => {
    await kit.open('/things/pump-1')
    await rowsOf('Timeline').filter({ hasText: 'Connected' }).first().waitFor()
    await connectRow().waitFor()
    await kit.expectAccessible()
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await eventually(() => pageOverflow(kit.page)).toBe(0)
  })
})
