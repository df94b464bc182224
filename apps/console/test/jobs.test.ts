/** The list of jobs and the page of one, against a real server whose devices report by the wire. */
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  ListJobExecutionsForJobCommand,
  UpdateEventConfigurationsCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { UpdateJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { connectMqtt, createDevice, jobsPolicy } from '@muster/server/testkit'
import { describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'

const thingNames = ['pump-1', 'pump-2', 'pump-3', 'pump-4']

const kit = useConsole({
  prepare: async ({ iot }) => {
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
    await iot.send(new CreateThingGroupCommand({ thingGroupName: 'pumps' }))
    for (const thingName of thingNames) {
      await createDevice(iot, thingName)
      await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'pumps' }))
    }
  },
})

type JobInput = Partial<ConstructorParameters<typeof CreateJobCommand>[0]>

async function createJob(jobId: string, more: JobInput = {}): Promise<void> {
  await kit.server.iot.send(
    new CreateJobCommand({
      jobId,
      targets: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/pumps'],
      document: '{"operation":"restart"}',
      ...more,
    }),
  )
  await kit.server.advance(1)
}

async function report(
  jobId: string,
  thingName: string,
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED',
): Promise<void> {
  const statusDetails = status === 'FAILED' ? { reason: 'out of memory' } : {}
  await kit.server.jobsData.send(
    new UpdateJobExecutionCommand({ jobId, thingName, status, statusDetails }),
  )
}

function table(name: string) {
  return kit.page.getByRole('table', { name })
}

describe('the list of jobs', () => {
  it('shows progress live and leads to the job and back to where one was', async () => {
    await createJob('follow')
    await kit.open('/jobs')
    await kit.live()
    const row = table('All jobs').getByRole('row', { name: /follow/ })
    await row.getByRole('img', { name: '0 of 4 done: 4 queued' }).waitFor()
    await report('follow', 'pump-1', 'SUCCEEDED')
    await report('follow', 'pump-2', 'FAILED')
    await row.getByRole('img', { name: '2 of 4 done: 1 succeeded, 1 failed, 2 queued' }).waitFor()
    await row.getByRole('link', { name: 'follow' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'follow' }).waitFor()
    await kit.page.goBack()
    await kit.page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
  })

  it('keeps filter, sort and page in the link', async () => {
    for (let index = 1; index <= 22; index += 1) {
      await createJob(`many-${String(index).padStart(2, '0')}`)
    }
    await kit.open('/jobs?filter=jobId:many&sort=jobId&page=2')
    const rows = table('All jobs').getByRole('row')
    await table('All jobs').getByRole('link', { name: 'many-22' }).waitFor()
    await eventually(() => rows.count()).toBe(3)
    await kit.page.getByRole('button', { name: 'Page 1 of all jobs' }).click()
    await table('All jobs').getByRole('link', { name: 'many-01' }).waitFor()
    expect(kit.page.url()).not.toContain('page=2')
    await table('All jobs')
      .getByRole('columnheader', { name: 'Job ID' })
      .getByRole('button')
      .first()
      .click()
    await table('All jobs').getByRole('link', { name: 'many-22' }).waitFor()
    expect(kit.page.url()).toContain('sort=-jobId')
    const pages = kit.page.getByRole('navigation', { name: 'Pages' })
    await pages.getByRole('link', { name: 'Jobs', exact: true }).click()
    await eventually(() => kit.page.url()).not.toContain('filter')
    await kit.page.getByRole('button', { name: 'Clear filters' }).waitFor({ state: 'detached' })
    await kit.expectAccessible()
  })

  it('cancels many at once and says who refused', async () => {
    await createJob('group-a')
    await createJob('group-b')
    for (const thingName of thingNames) await report('group-b', thingName, 'SUCCEEDED')
    await kit.open('/jobs?filter=jobId:group-')
    for (const jobId of ['group-a', 'group-b']) {
      await kit.page.getByRole('checkbox', { name: `Select ${jobId}` }).check()
    }
    await kit.page.getByRole('button', { name: 'Actions' }).click()
    await kit.page.getByRole('menuitem', { name: 'Cancel' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Cancel 2 jobs?' })
    await dialog.getByRole('button', { name: 'Cancel jobs' }).click()
    await dialog.getByRole('alert').getByText('1 cancelled. group-b:').waitFor()
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await table('All jobs')
      .getByRole('row', { name: /group-a/ })
      .getByText('canceled')
      .waitFor()
  })
})

describe('the page of a job', () => {
  it('shows the rollout live, never a curve behind the counters', async () => {
    await createJob('rolling', {
      jobExecutionsRolloutConfig: { maximumPerMinute: 2 },
      abortConfig: {
        criteriaList: [
          {
            action: 'CANCEL',
            failureType: 'FAILED',
            thresholdPercentage: 60,
            minNumberOfExecutedThings: 3,
          },
        ],
      },
    })
    await kit.open('/jobs/rolling')
    await kit.live()
    await kit.page.getByRole('img', { name: '0 of 4 done: 2 queued' }).waitFor()
    const first = await firstQueued('rolling')
    await report('rolling', first, 'FAILED')
    await kit.page.getByRole('img', { name: '1 of 4 done: 1 failed, 1 queued' }).waitFor()
    await kit.page
      .getByRole('img', { name: '100.0 % failed (1 of 1 completed); aborts at 60 %, once 3 have' })
      .waitFor()
    await kit.page.getByRole('img', { name: /Rollout of rolling over time/ }).waitFor()
    await kit.server.advance(60)
    await kit.page.getByRole('img', { name: '1 of 4 done: 1 failed, 3 queued' }).waitFor()
    await kit.expectAccessible()
  })

  it('says so when no target is connected, and no more once one is', async () => {
    const device = await createDevice(kit.server.iot, 'valve-1', {
      policyDocument: jobsPolicy('eu-west-1'),
    })
    await createJob('for-valve', { targets: [device.thingArn] })
    await kit.open('/jobs/for-valve')
    await kit.page.getByText('The thing that this job targets is not connected').waitFor()
    const client = await connectMqtt(kit.server, device)
    await kit.page
      .getByText('The thing that this job targets is not connected')
      .waitFor({ state: 'detached' })
    await kit.page.getByText('1 of 1', { exact: true }).waitFor()
    await client.endAsync()
  })

  it('draws where the browser’s language is none that formats know', async () => {
    await createJob('abroad')
    await kit.page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })
    })
    await kit.open('/jobs/abroad')
    await kit.page.getByRole('img', { name: /Rollout of abroad over time/ }).waitFor()
  })

  it('filters executions by status, finds one by its thing, and keeps that in the link', async () => {
    await createJob('filtered')
    await report('filtered', 'pump-3', 'FAILED')
    await kit.open('/jobs/filtered')
    const rows = table('Executions').getByRole('row')
    await eventually(() => rows.count()).toBe(5)
    await kit.page.getByRole('button', { name: 'Status' }).click()
    await kit.page.getByRole('option', { name: /^failed/ }).click()
    await eventually(() => rows.count()).toBe(2)
    expect(kit.page.url()).toContain('/jobs/filtered?executions=FAILED')
    await kit.page.reload()
    await eventually(() => rows.count()).toBe(2)
    await table('Executions').getByRole('button', { name: 'Details of pump-3' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Execution of filtered on pump-3' })
    await dialog.getByText('out of memory').waitFor()
    await dialog.getByRole('table', { name: 'Attempts' }).getByText('1 (shown)').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await kit.open('/jobs/filtered')
    await kit.page.getByLabel('Thing name').fill('pump-2')
    await kit.page.getByRole('button', { name: 'Find', exact: true }).click()
    await eventually(() => rows.count()).toBe(2)
    await kit.page.getByLabel('Thing name').fill('nobody')
    await kit.page.getByRole('button', { name: 'Find', exact: true }).click()
    await kit.page.getByText('The thing nobody has no such execution').waitFor()
  })

  it('pages executions at the server', async () => {
    const arns: string[] = []
    for (let index = 0; index < 30; index += 1) {
      arns.push((await createDevice(kit.server.iot, `lamp-${index}`)).thingArn)
    }
    await createJob('lamps', { targets: arns })
    await kit.open('/jobs/lamps')
    const rows = table('Executions').getByRole('row')
    await eventually(() => rows.count()).toBe(26)
    await kit.page.getByRole('button', { name: 'Next page of executions' }).click()
    await eventually(() => rows.count()).toBe(6)
    expect(kit.page.url()).toContain('page=2')
    await kit.page.reload()
    await eventually(() => rows.count()).toBe(6)
  })

  it('jobs J84: cancels an execution, by force where it is at work', async () => {
    await createJob('one-less')
    await report('one-less', 'pump-1', 'SUCCEEDED')
    await report('one-less', 'pump-2', 'IN_PROGRESS')
    await kit.open('/jobs/one-less?execution=pump-1')
    const finished = kit.page.getByRole('button', { name: 'Cancel execution', exact: true })
    await eventually(() => finished.getAttribute('aria-disabled')).toBe('true')
    await kit.open('/jobs/one-less')
    for (const name of ['pump-2', 'pump-4']) {
      await kit.page.getByRole('checkbox', { name: `Select ${name}` }).check()
    }
    await kit.page.getByRole('button', { name: 'Cancel executions' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Cancel 2 executions of one-less?' })
    await dialog.getByRole('checkbox', { name: /cancel by force/ }).check()
    await dialog.getByRole('button', { name: 'Cancel executions' }).click()
    await kit.page
      .getByRole('img', { name: '3 of 4 done: 1 succeeded, 2 canceled, 1 queued' })
      .waitFor()
  })

  it('jobs J80: cancels a job with a reason, running executions too', async () => {
    await createJob('stopped')
    await report('stopped', 'pump-2', 'IN_PROGRESS')
    await kit.open('/jobs/stopped')
    await kit.page.getByRole('img', { name: /1 in progress/ }).waitFor()
    await kit.page.getByRole('button', { name: 'Cancel job' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Cancel job stopped?' })
    await dialog.getByRole('checkbox', { name: /running execution/ }).check()
    await dialog.getByLabel('Reason code').fill('FAULTY_RELEASE')
    await dialog.getByLabel('Comment').fill('pumps run dry')
    await dialog.getByRole('button', { name: 'Cancel job' }).click()
    await kit.page.getByText('FAULTY_RELEASE', { exact: true }).waitFor()
    await kit.page.getByRole('img', { name: '4 of 4 done: 4 canceled' }).waitFor()
    const { job } = await kit.server.iot.send(new DescribeJobCommand({ jobId: 'stopped' }))
    expect(job).toMatchObject({ status: 'CANCELED', forceCanceled: true, comment: 'pumps run dry' })
  })

  it('has no serious finding of axe on any of its tabs, nor in its dialogs', async () => {
    await createJob('looked-at', { targetSelection: 'CONTINUOUS' })
    for (const tab of ['document', 'targets', 'settings']) {
      await kit.open(`/jobs/looked-at?tab=${tab}`)
      await kit.page.getByRole('tabpanel').getByRole('heading').first().waitFor()
      await kit.expectAccessible()
    }
    await kit.open('/jobs/looked-at?execution=pump-1')
    await kit.page.getByRole('dialog', { name: 'Execution of looked-at on pump-1' }).waitFor()
    await kit.page.getByText('The device reported none.').waitFor()
    await kit.expectAccessible()
  })

  it('jobs J82: deletes a job that is not finished by force only', async () => {
    await createJob('gone')
    await kit.open('/jobs/gone')
    await kit.page.getByRole('button', { name: 'More about this job' }).click()
    await kit.page.getByRole('menuitem', { name: 'Delete job' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Delete job gone?' })
    await dialog.getByRole('checkbox', { name: /delete by force/ }).check()
    await dialog.getByRole('button', { name: 'Delete job' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
    await kit.page.getByText('Job gone deleted.').waitFor()
    await kit.open('/jobs/gone')
    await kit.page.getByRole('alert').getByText('ResourceNotFoundException').waitFor()
  })

  it('jobs J83: adds groups to a continuous job', async () => {
    await kit.server.iot.send(new CreateThingGroupCommand({ thingGroupName: 'valves' }))
    await createJob('on-and-on', { targetSelection: 'CONTINUOUS' })
    await kit.open('/jobs/on-and-on?tab=targets')
    await kit.page.getByRole('button', { name: 'Add groups' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Add groups to on-and-on?' })
    await dialog.getByRole('button', { name: /Thing groups/ }).click()
    await kit.page.getByRole('option', { name: 'valves' }).click()
    await kit.page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Add groups' }).click()
    await table('Targets').getByRole('link', { name: 'valves' }).waitFor()
  })
})

async function firstQueued(jobId: string): Promise<string> {
  const { executionSummaries } = await kit.server.iot.send(
    new ListJobExecutionsForJobCommand({ jobId }),
  )
  return executionSummaries?.[0]?.thingArn?.split(':thing/')[1] ?? ''
}
