/** The wizard: a job made in the browser, done by real devices while one watches. */
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateJobTemplateCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  DescribeJobTemplateCommand,
  DescribeThingGroupCommand,
  UpdateEventConfigurationsCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { startDevice, type Device } from '@muster/device'
import { createDevice, jobsPolicy, type TestServer } from '@muster/server/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'

const names = ['lamp-1', 'lamp-2', 'lamp-3']
const devices: Device[] = []

const kit = useConsole({ prepare: prepareFleet })

afterAll(async () => {
  await Promise.all(devices.map((device) => device.stop()))
})

async function prepareFleet(server: TestServer): Promise<void> {
  const { iot } = server
  await iot.send(
    new UpdateEventConfigurationsCommand({
      eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } },
    }),
  )
  await iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
    }),
  )
  await iot.send(new CreateThingGroupCommand({ thingGroupName: 'lamps' }))
  for (const thingName of names) {
    const identity = await createDevice(iot, thingName, { policyDocument: jobsPolicy('eu-west-1') })
    await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'lamps' }))
    const { mqttPort, httpsPort, caPem } = server
    devices.push(
      await startDevice({
        endpoint: { host: 'localhost', mqttPort, httpsPort, caPem },
        identity,
        thingName,
        handlers: {
          blink: () => ({ status: 'SUCCEEDED' }),
          break: () => ({ status: 'FAILED', statusDetails: { reason: 'no bulb' } }),
        },
      }),
    )
  }
}

function button(name: string) {
  return kit.page.getByRole('button', { name, exact: true })
}

async function chooseGroup(name: string): Promise<void> {
  await kit.page.getByRole('button', { name: /Thing groups/ }).click()
  await kit.page.getByRole('option', { name, exact: true }).click()
  await kit.page.keyboard.press('Escape')
}

async function writeDocument(text: string): Promise<void> {
  const editor = kit.page.getByRole('textbox', { name: 'Document' })
  await editor.focus()
  await kit.page.keyboard.press('Control+A')
  await editor.fill(text)
}

async function heading(name: string): Promise<void> {
  await kit.page.getByRole('heading', { level: 1, name }).waitFor()
}

describe('the wizard', () => {
  it('creates a job that connected devices complete while one watches', async () => {
    await kit.open('/jobs')
    await kit.page.getByRole('link', { name: 'Create job' }).first().click()
    await heading('Job and targets')
    await kit.page.getByLabel('Job ID').fill('blink-all')
    await chooseGroup('lamps')
    await kit.page.getByText('These targets cover 3 things, 3 connected now.').waitFor()
    await kit.expectAccessible()
    await button('Next').click()
    await heading('Job document')
    await writeDocument('{"operation":')
    await button('Next').click()
    await kit.page.getByText(/Not JSON/).waitFor()
    await writeDocument('{"operation":"blink"}')
    await kit.page.getByText(/Not JSON/).waitFor({ state: 'detached' })
    await kit.expectAccessible()
    await button('Next').click()
    await heading('Rollout')
    await kit.page.getByRole('img', { name: /Planned rollout over time/ }).waitFor()
    await kit.page.getByText('All 3 executions are created within').waitFor()
    await kit.expectAccessible()
    await button('Next').click()
    await heading('Failures')
    await button('Add abort criterion').click()
    await kit.expectAccessible()
    await button('Next').click()
    await heading('Schedule')
    await kit.expectAccessible()
    await button('Next').click()
    await heading('Review and create')
    await kit.page.getByText('from 50 things a minute, × 2 with every 50 succeeded').waitFor()
    await button('Rehearse').click()
    await kit.page.getByText('in 0 % of the rehearsals').waitFor()
    await kit.page.getByText('20 rehearsals of the Jobs rules').waitFor()
    await kit.page.getByRole('img', { name: /Rehearsed rollout over time/ }).waitFor()
    await kit.expectAccessible()
    await button('Create job').click()
    await heading('blink-all')
    // The wizard knows the time; the clock of this server is moved by hand.
    await kit.server.advance(1)
    await kit.page.getByRole('img', { name: '3 of 3 done: 3 succeeded' }).waitFor()
    await kit.page.getByText('completed', { exact: true }).first().waitFor()
    const { job } = await kit.server.iot.send(new DescribeJobCommand({ jobId: 'blink-all' }))
    expect(job?.abortConfig?.criteriaList).toHaveLength(1)
  })

  it('says what is missing and stays at the step', async () => {
    await kit.open('/create-job')
    await kit.page.getByLabel('Job ID').fill('not usable')
    await button('Next').click()
    await kit.page.getByText('Letters, digits, hyphen and underscore').waitFor()
    await kit.page.getByText('Choose a group, name a thing, or write a query.').waitFor()
    await kit.page.getByText('2 fields above need attention.', { exact: true }).waitFor()
    await heading('Job and targets')
  })

  it('counts what a fleet query finds before it makes the dynamic group', async () => {
    await kit.open('/create-job')
    await kit.page.getByLabel('Job ID').fill('by-query')
    await kit.page.getByLabel('Fleet query').fill('thingName:lamp-[1 TO')
    await kit.page.getByRole('alert').getByText('InvalidQueryException').waitFor()
    await kit.page.getByLabel('Fleet query').fill('thingName:lamp-*')
    await kit.page.getByText('These targets cover 3 things').waitFor()
    await kit.page.getByLabel('Name of the dynamic group').fill('all-lamps')
    await button('Next').click()
    await writeDocument('{"operation":"blink"}')
    await button('Skip to review and create').click()
    await heading('Review and create')
    await button('Create job').click()
    await heading('by-query')
    const group = await kit.server.iot.send(
      new DescribeThingGroupCommand({ thingGroupName: 'all-lamps' }),
    )
    expect(group.queryString).toBe('thingName:lamp-*')
  })

  it('offers a new job for the things that failed', async () => {
    await kit.server.iot.send(
      new CreateJobCommand({
        jobId: 'half',
        targets: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/lamps'],
        document: '{"operation":"wait for me"}',
        timeoutConfig: { inProgressTimeoutInMinutes: 7 },
      }),
    )
    await kit.server.advance(1)
    await eventually(async () => {
      const { job } = await kit.server.iot.send(new DescribeJobCommand({ jobId: 'half' }))
      return job?.jobProcessDetails?.numberOfRejectedThings
    }).toBe(3)
    await kit.open('/jobs/half')
    await kit.page.getByRole('link', { name: 'New job for what failed' }).click()
    await eventually(() => kit.page.getByLabel('Thing names').inputValue()).toBe(names.join('\n'))
    await button('Next').click()
    await kit.page.getByText('wait for me').waitFor()
    await button('Skip to review and create').click()
    await kit.page.getByText('7 minutes in progress').waitFor()
  })

  it('jobs J99, J101: schedules a continuous job in windows', async () => {
    await kit.open('/create-job')
    await kit.page.getByLabel('Job ID').fill('at-night')
    await kit.page.getByRole('radio', { name: 'Continuous' }).check()
    await chooseGroup('lamps')
    await button('Next').click()
    for (const title of ['Rollout', 'Failures', 'Schedule']) {
      await button('Next').click()
      await heading(title)
    }
    await button('Add maintenance window').click()
    await kit.page.getByText('Maintenance windows need a start time above.').waitFor()
    const { nowMs } = (await (await kit.server.admin('GET', 'clock')).json()) as { nowMs: number }
    await kit.page.getByLabel('Start (UTC)').fill('soon')
    await kit.page.getByText('UTC, as 2027-03-01T10:00.').waitFor()
    const startTime = new Date(nowMs + 7_200_000).toISOString().slice(0, 16)
    await kit.page.getByLabel('Start (UTC)').fill(startTime)
    await kit.page.getByRole('img', { name: /Planned rollout over time/ }).waitFor()
    await button('Next').click()
    await kit.page.getByText('every day at 03:00 UTC for 120 minutes').waitFor()
    await button('Create job').click()
    await heading('at-night')
    const { job } = await kit.server.iot.send(new DescribeJobCommand({ jobId: 'at-night' }))
    expect(job?.schedulingConfig).toMatchObject({
      startTime,
      maintenanceWindows: [{ startTime: 'cron(0 3 * * ? *)', durationInMinutes: 120 }],
    })
  })
})

describe('job templates', () => {
  it('are saved from the wizard, shown, used and deleted', async () => {
    await kit.open('/create-job')
    await kit.page.getByLabel('Job ID').fill('pattern')
    await chooseGroup('lamps')
    await button('Next').click()
    await writeDocument('{"operation":"blink"}')
    await button('Next').click()
    await button('Next').click()
    await kit.page.getByLabel('Minutes in progress').fill('9')
    await button('Skip to review and create').click()
    await button('Save as template').click()
    const dialog = kit.page.getByRole('dialog', { name: 'Save as template?' })
    await dialog.getByLabel('Template ID').fill('blinking')
    await dialog.getByLabel('Template description').fill('Blinks once')
    await dialog.getByRole('button', { name: 'Save template' }).click()
    await kit.page.getByText('Template blinking saved.').waitFor()
    const saved = await kit.server.iot.send(
      new DescribeJobTemplateCommand({ jobTemplateId: 'blinking' }),
    )
    expect(saved.timeoutConfig?.inProgressTimeoutInMinutes).toBe(9)

    await kit.open('/templates')
    await kit.page
      .getByRole('table', { name: 'AWS managed templates' })
      .getByText('AWS-Reboot')
      .first()
      .waitFor()
    await kit.expectAccessible()
    await kit.page.getByRole('link', { name: 'blinking' }).click()
    await heading('blinking')
    await kit.page.getByLabel('Job document').getByText('"blink"').waitFor()
    await kit.expectAccessible()
    await kit.page.getByRole('link', { name: 'Create job' }).click()
    await kit.page.getByLabel('Job ID').fill('of-template')
    await chooseGroup('lamps')
    await button('Next').click()
    await button('Skip to review and create').click()
    await kit.page.getByText('9 minutes in progress').waitFor()
    await button('Create job').click()
    await heading('of-template')
    const { job } = await kit.server.iot.send(new DescribeJobCommand({ jobId: 'of-template' }))
    expect(job?.jobTemplateArn).toBe(saved.jobTemplateArn)

    await kit.open('/templates/blinking')
    await button('Delete template').click()
    const asked = kit.page.getByRole('dialog', { name: 'Delete template blinking?' })
    await asked.getByRole('button', { name: 'Delete template' }).click()
    await heading('Templates')
    await kit.page.getByText('Template blinking deleted.').waitFor()
  })

  it('jobs J70: a setting that is taken out of a template’s is not filled in again', async () => {
    await kit.server.iot.send(
      new CreateJobTemplateCommand({
        jobTemplateId: 'impatient',
        description: 'Times out',
        document: '{"operation":"blink"}',
        timeoutConfig: { inProgressTimeoutInMinutes: 1 },
      }),
    )
    await kit.open('/create-job?template=impatient')
    await kit.page.getByLabel('Job ID').fill('patient')
    await chooseGroup('lamps')
    for (const title of ['Job document', 'Rollout', 'Failures']) {
      await button('Next').click()
      await heading(title)
    }
    await kit.page.getByLabel('Minutes in progress').fill('')
    await button('Skip to review and create').click()
    await button('Create job').click()
    await heading('patient')
    const { job } = await kit.server.iot.send(new DescribeJobCommand({ jobId: 'patient' }))
    expect(job?.timeoutConfig?.inProgressTimeoutInMinutes).toBeUndefined()
  })

  it('jobs J91: of AWS ask for their parameters', async () => {
    await kit.open('/templates')
    await kit.page.getByRole('link', { name: 'Create job from AWS-Download-File' }).click()
    await kit.page.getByLabel('Job ID').fill('download')
    await chooseGroup('lamps')
    await button('Next').click()
    await kit.page.getByLabel('downloadUrl').waitFor()
    await button('Next').click()
    await kit.page.getByText('The template needs it.').first().waitFor()
    await kit.page.getByLabel('downloadUrl').fill('https://example.com/file')
    await kit.page.getByLabel('filePath').fill('/tmp/file')
    await button('Skip to review and create').click()
    await button('Create job').click()
    await heading('download')
    await kit.page.getByRole('tab', { name: 'Document' }).click()
    await kit.page.getByLabel('Job document').getByText('https://example.com/file').waitFor()
  })
})
