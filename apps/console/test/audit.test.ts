/** The audit of the policies as they are now. */
import { CreatePolicyCommand, CreatePolicyVersionCommand } from '@aws-sdk/client-iot'
import { describe, expect, it } from 'vitest'
import { useConsole } from './console-kit.ts'
import { expectNoPageScroll } from './narrow.ts'

const arn = (resource: string): string => `arn:aws:iot:eu-west-1:123456789012:${resource}`

function documentOf(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

const connectAsAny = { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/*') }
const own = {
  Effect: 'Allow',
  Action: 'iot:Connect',
  Resource: arn('client/${iot:Connection.Thing.ThingName}'),
}
const jobs = { Effect: 'Allow', Action: 'iot:StartNextPendingJobExecution', Resource: '*' }

const kit = useConsole({
  prepare: async ({ iot }) => {
    const create = (policyName: string, policyDocument: string): Promise<unknown> =>
      iot.send(new CreatePolicyCommand({ policyName, policyDocument }))
    await create('broad', documentOf(own, connectAsAny))
    await create('jobs', documentOf(own, jobs))
    await create('good', documentOf(own))
    await create('..', documentOf(own))
  },
})

describe('the audit', () => {
  it('tells findings with code, severity, statement and how to mend them', async () => {
    const { page } = kit
    await kit.open('/audit')
    const table = page.getByRole('table', { name: 'Findings' })
    const row = table
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'broad', exact: true }) })
    await row.getByText('ALLOWS_BROAD_ACCESS_TO_IOT_DATA_PLANE_ACTIONS').waitFor()
    await row.getByText('IOT_POLICY_OVERLY_PERMISSIVE_CHECK').waitFor()
    await row.getByText('Critical').waitFor()
    await row.getByText('Name the device where the wildcard stands').waitFor()
    await table.getByText('JOBS_ACTION_NEEDS_IOTJOBSDATA').waitFor()
    expect(await table.getByRole('link', { name: 'good' }).count()).toBe(0)
    await kit.expectAccessible()
    await row.getByRole('link', { name: 'broad', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'broad' }).waitFor()
    const marked = page.getByRole('region', { name: 'Document of policy broad' }).locator('mark')
    expect(await marked.innerText()).toContain('client/*')
    await kit.expectAccessible()
  })

  it('finds nothing any more where a policy was mended', async () => {
    const { page, server } = kit
    await kit.open('/audit')
    const row = page.getByRole('row').filter({ hasText: 'Edit policy broad' })
    await row.getByRole('link', { name: 'Edit policy broad' }).waitFor()
    await server.iot.send(
      new CreatePolicyVersionCommand({
        policyName: 'broad',
        policyDocument: documentOf(own),
        setAsDefault: true,
      }),
    )
    await page.getByRole('button', { name: 'Audit again' }).click()
    await row.first().waitFor({ state: 'detached' })
  })

  it('goes on past a policy whose name a browser cannot ask for', async () => {
    const { page } = kit
    await kit.open('/audit')
    const row = page
      .getByRole('row')
      .filter({ hasText: 'A browser cannot ask for what is called `..`' })
    await row.getByText('aws iot get-policy').waitFor()
    await page
      .getByRole('table', { name: 'Findings' })
      .getByText('JOBS_ACTION_NEEDS_IOTJOBSDATA')
      .waitFor()
    // Its page is nowhere: a link would lead to another one.
    expect(await row.getByRole('link').count()).toBe(0)
  })

  it('is usable on a narrow screen', async () => {
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await kit.open('/audit')
    await kit.page.getByText('Policies audited').waitFor()
    await expectNoPageScroll(kit.page)
  })
})
