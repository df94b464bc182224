/**
 * The console in a real browser against a real server, found by role and label as an operator
 * finds things. Nothing is intercepted: the page signs its own requests and holds its own MQTT
 * connection.
 */
import {
  CreateJobCommand,
  CreateThingGroupCommand,
  AddThingToThingGroupCommand,
  UpdateEventConfigurationsCommand,
} from '@aws-sdk/client-iot'
import { UpdateJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import {
  connectMqtt,
  createDevice,
  jobsPolicy,
  startTestServer,
  type TestServer,
} from '@muster/server/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildConsole } from '../build.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'

const thingNames = ['pump-1', 'pump-2', 'pump-3', 'pump-4']
const waitMs = 15_000

let server: TestServer
let opened: OpenBrowser
let page: Page
let faults: string[]

beforeAll(async () => {
  const [dist, started] = await Promise.all([buildConsole(), openBrowser()])
  opened = started
  server = await startTestServer({ consoleDist: () => dist, region: 'eu-west-1' })
  await server.iot.send(
    new UpdateEventConfigurationsCommand({
      eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } },
    }),
  )
  await server.iot.send(new CreateThingGroupCommand({ thingGroupName: 'pumps' }))
  for (const thingName of thingNames) {
    await createDevice(server.iot, thingName)
    await server.iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'pumps' }))
  }
})

afterAll(async () => {
  await opened?.close()
  await server?.close()
})

beforeEach(async () => {
  page = await opened.browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 1000 } })
  page.setDefaultTimeout(waitMs)
  faults = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text())
  })
})

afterEach(async () => {
  await page.close()
  expect(faults).toEqual([])
})

async function open(path: string): Promise<void> {
  await page.goto(`${server.httpUrl}/console/#${path}`)
}

async function createJob(jobId: string): Promise<void> {
  await server.iot.send(
    new CreateJobCommand({
      jobId,
      targets: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/pumps'],
      document: '{"operation":"restart"}',
    }),
  )
  await server.advance(1)
}

async function report(
  jobId: string,
  thingName: string,
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED',
): Promise<void> {
  const statusDetails = status === 'FAILED' ? { reason: 'out of memory' } : {}
  await server.jobsData.send(
    new UpdateJobExecutionCommand({ jobId, thingName, status, statusDetails }),
  )
}

describe('console', () => {
  it('shows the fleet and follows a rollout live', async () => {
    await createJob('follow')
    await open('/')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page
      .getByRole('status', { name: 'Live updates' })
      .getByText('Live', { exact: true })
      .waitFor()
    const fleet = page.getByLabel('Fleet')
    await fleet.getByText('4', { exact: true }).waitFor()
    await fleet.getByRole('button', { name: 'Count all by fleet indexing' }).click()
    await fleet.getByText('fleet indexing is off').waitFor({ state: 'detached' })
    const row = page.getByRole('table', { name: 'Jobs' }).getByRole('row', { name: /follow/ })
    await row.getByRole('img', { name: '0 of 4 done: 4 queued' }).waitFor()
    await report('follow', 'pump-1', 'SUCCEEDED')
    await report('follow', 'pump-2', 'FAILED')
    await row.getByRole('img', { name: '2 of 4 done: 1 succeeded, 1 failed, 2 queued' }).waitFor()
    await page.getByRole('img', { name: /Rollout of follow over time/ }).waitFor()
  })

  it('shows a job, filters its executions and keeps the filter in the link', async () => {
    await createJob('filtered')
    await report('filtered', 'pump-3', 'FAILED')
    await open('/jobs/filtered')
    await page.getByRole('heading', { name: 'filtered' }).waitFor()
    const executions = page.getByRole('table', { name: 'Executions' })
    await expect.poll(() => executions.getByRole('row').count()).toBe(5)
    const region = page.getByRole('region', { name: 'Executions' })
    await region.getByLabel('Status').selectOption('FAILED')
    await expect.poll(() => executions.getByRole('row').count()).toBe(2)
    expect(page.url()).toContain('#/jobs/filtered?executions=FAILED')
    await page.reload()
    await expect.poll(() => executions.getByRole('row').count()).toBe(2)
    await executions.getByRole('button', { name: 'Details of pump-3' }).click()
    await executions.getByText('out of memory').waitFor()
    await page.getByLabel('Job document').getByText('"restart"').waitFor()
    await page.getByText('snapshot: the things targeted at creation').waitFor()
  })

  it('cancels an execution, and says why another cannot be', async () => {
    await createJob('one-less')
    await report('one-less', 'pump-1', 'SUCCEEDED')
    await open('/jobs/one-less')
    const finished = page.getByRole('button', { name: 'Cancel execution of pump-1' })
    expect(await finished.getAttribute('aria-disabled')).toBe('true')
    await finished.hover()
    await page.getByRole('tooltip').getByText('The execution is finished: succeeded.').waitFor()
    await page.getByRole('button', { name: 'Cancel execution of pump-4' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel one-less on pump-4?' })
    await dialog.getByRole('button', { name: 'Cancel execution' }).click()
    await page
      .getByRole('table', { name: 'Executions' })
      .getByRole('row', { name: /pump-4/ })
      .getByText('canceled', { exact: true })
      .waitFor()
    await dialog.waitFor({ state: 'detached' })
  })

  it('cancels a job with a reason, running executions too', async () => {
    await createJob('stopped')
    await report('stopped', 'pump-2', 'IN_PROGRESS')
    await open('/jobs/stopped')
    await page.getByRole('button', { name: 'Cancel job' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel job stopped?' })
    await dialog.getByLabel(/running execution/).check()
    await dialog.getByLabel('Reason code').fill('FAULTY_RELEASE')
    await dialog.getByLabel('Comment').fill('pumps run dry')
    await dialog.getByRole('button', { name: 'Cancel job' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('FAULTY_RELEASE', { exact: true }).waitFor()
    await page.getByRole('img', { name: '4 of 4 done: 4 canceled' }).waitFor()
    const again = page.getByRole('button', { name: 'Cancel job', exact: true })
    await expect.poll(() => again.getAttribute('aria-disabled')).toBe('true')
  })

  it('shows a thing: connection, certificate, policies and its jobs over time', async () => {
    const device = await createDevice(server.iot, 'valve-1', {
      policyDocument: jobsPolicy('eu-west-1'),
    })
    await server.iot.send(
      new CreateJobCommand({
        jobId: 'for-valve',
        targets: [device.thingArn],
        document: '{}',
      }),
    )
    await server.advance(1)
    await report('for-valve', 'valve-1', 'SUCCEEDED')
    await open('/things/valve-1')
    await page.getByRole('heading', { name: 'valve-1' }).waitFor()
    const principals = page.getByRole('region', { name: 'Principals' })
    await principals.getByText('active', { exact: true }).waitFor()
    await principals.getByText('valve-1-policy').waitFor()
    const executions = page.getByRole('table', { name: 'Job executions' })
    await executions.getByRole('row', { name: /for-valve succeeded/ }).waitFor()
    await page
      .getByRole('status', { name: 'Live updates' })
      .getByText('Live', { exact: true })
      .waitFor()
    const client = await connectMqtt(server, device)
    await page.getByRole('heading').getByText('connected', { exact: true }).waitFor()
    await client.endAsync()
    await page.getByRole('heading').getByText('not connected').waitFor()
  })

  it('finds a thing by name and says so when there is none', async () => {
    await open('/things')
    await page
      .getByRole('table', { name: 'Things' })
      .getByRole('link', { name: 'pump-2' })
      .waitFor()
    await page.getByLabel('Thing name').fill('nobody')
    await page.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('alert').getByText('ResourceNotFoundException').waitFor()
  })

  it('creates a staged job after saying what is missing', async () => {
    await open('/create-job')
    const form = page.getByRole('form', { name: 'Create job' })
    await form.getByLabel('Job ID').fill('made here')
    await form.getByLabel('Document').fill('{"operation":')
    await form.getByRole('button', { name: 'Create job' }).click()
    await form.getByText('3 of the fields above need attention.').waitFor()
    await form.getByText('Letters, digits, hyphen and underscore').waitFor()
    await form.getByLabel('Job ID').fill('made-here')
    await form.getByLabel('Document').fill('{"operation":"upgrade"}')
    await form.getByRole('checkbox', { name: 'pumps' }).check()
    await form.getByRole('button', { name: 'Create job' }).click()
    await page.getByRole('heading', { name: 'made-here' }).waitFor()
    await page.getByText('from 50 things a minute, × 2 with every 50 succeeded').waitFor()
    await page.getByText('group pumps').waitFor()
  })

  it('offers a new job for the things that failed', async () => {
    await createJob('half')
    await report('half', 'pump-1', 'FAILED')
    await open('/jobs/half')
    await page.getByText('This job does not retry').waitFor()
    await page.getByRole('button', { name: 'New job for what failed' }).click()
    const things = page.getByLabel('Things', { exact: true })
    await expect.poll(() => things.inputValue()).toBe('pump-1')
    await expect
      .poll(() => page.getByLabel('Document').inputValue())
      .toBe('{"operation":"restart"}')
  })

  it('gateway G129: signs out, and says why a wrong key is refused', async () => {
    await open('/')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
    await page.getByLabel('Access key ID').fill('nobody')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('UnrecognizedClientException').first().waitFor()
  })

  it('says so when a link leads nowhere', async () => {
    await open('/nowhere')
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
  })

  it('works without a storage, where the browser blocks it', async () => {
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'sessionStorage', {
        get: () => {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
    })
    await open('/things')
    await page.getByRole('link', { name: 'pump-1', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
  })
})
