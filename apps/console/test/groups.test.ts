/** Groups: the tree, dynamic groups, the page of a group, and what can be changed there. */
import {
  AddThingToThingGroupCommand,
  CreateDynamicThingGroupCommand,
  CreateJobCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DescribeThingGroupCommand,
  ListAttachedPoliciesCommand,
  ListThingsInThingGroupCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { OPEN_POLICY } from '@muster/server/testkit'
import { describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'
import { pageOverflow } from './page-overflow.ts'

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
    const group = (thingGroupName: string, parentGroupName?: string) =>
      iot.send(
        new CreateThingGroupCommand({
          thingGroupName,
          ...(parentGroupName === undefined ? {} : { parentGroupName }),
        }),
      )
    await group('plants')
    await group('berlin', 'plants')
    await group('hall-1', 'berlin')
    await group('oslo', 'plants')
    for (let number = 1; number <= 30; number += 1) {
      const thingName = `pump-${String(number).padStart(2, '0')}`
      await iot.send(new CreateThingCommand({ thingName }))
      await iot.send(new AddThingToThingGroupCommand({ thingGroupName: 'hall-1', thingName }))
    }
    // One thing cannot be in two groups of a tree: these are in none.
    for (const thingName of ['valve-1', 'valve-2']) {
      await iot.send(new CreateThingCommand({ thingName }))
    }
    await iot.send(
      new CreateDynamicThingGroupCommand({
        thingGroupName: 'early-pumps',
        queryString: 'thingName:pump-0*',
      }),
    )
    await iot.send(new CreatePolicyCommand({ policyName: 'open', policyDocument: OPEN_POLICY }))
    await iot.send(
      new CreateJobCommand({
        jobId: 'wave-1',
        targets: ['arn:aws:iot:eu-west-1:123456789012:thinggroup/hall-1'],
        document: '{"operation":"reboot"}',
      }),
    )
  },
})

const table = (name: string) => kit.page.getByRole('table', { name, exact: true })
const tree = () => kit.page.getByRole('treegrid', { name: 'Groups' })
const row = (name: string) => tree().getByRole('row').filter({ hasText: name })

describe('the tree of groups', () => {
  it('gateway G75: opens group by group, and keeps in its link what is open', async () => {
    await kit.open('/groups')
    await row('plants').getByText('Static').waitFor()
    expect(await row('hall-1').count()).toBe(0)
    await kit.page.getByRole('button', { name: 'Open plants' }).click()
    await kit.page.getByRole('button', { name: 'Open berlin' }).click()
    await row('hall-1').getByText('30').waitFor()
    expect(await kit.page.getByRole('button', { name: 'Open oslo' }).count()).toBe(0)
    await kit.page.reload()
    await row('hall-1').waitFor()
    await kit.page.getByRole('button', { name: 'Close plants' }).click()
    await row('hall-1').waitFor({ state: 'detached' })
  })

  it('gateway G78: shows dynamic groups with their query and their build', async () => {
    await kit.open('/groups')
    await row('early-pumps').getByText('Dynamic').waitFor()
    await row('early-pumps').getByText('active').waitFor()
    await row('early-pumps').getByText('thingName:pump-0*').waitFor()
    await row('early-pumps').getByText('9', { exact: true }).waitFor()
  })

  it('finds groups below others by the beginning of their names', async () => {
    await kit.open('/groups')
    await row('plants').waitFor()
    await kit.page.getByRole('searchbox', { name: 'Find groups' }).fill('ha')
    await row('hall-1').waitFor()
    expect(await row('plants').count()).toBe(0)
    await kit.page.getByRole('searchbox', { name: 'Find groups' }).fill('zz')
    await kit.page.getByText('No group’s name begins so.').waitFor()
    await kit.page.getByRole('button', { name: 'Show all' }).click()
    await row('plants').waitFor()
  })

  it('has no serious finding of axe, and fits a narrow screen', async () => {
    await kit.open('/groups?open=plants&open=berlin')
    await row('hall-1').waitFor()
    await kit.expectAccessible()
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await eventually(() => pageOverflow(kit.page)).toBe(0)
  })
})

describe('groups are made', () => {
  it('gateway G78: dynamic ones after their query was counted', async () => {
    await kit.open('/groups')
    await kit.page.getByRole('button', { name: 'Create group' }).click()
    await kit.page.getByRole('menuitem', { name: 'Dynamic group' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Create dynamic group' })
    const query = dialog.getByRole('textbox', { name: 'Query' })
    await query.fill('colour:red')
    await dialog.getByText('invalid field name').waitFor()
    await query.fill('thingName:pump-1*')
    await dialog.getByText('Finds 10 things now: pump-10, pump-11').waitFor()
    await dialog.getByRole('button', { name: 'Create group' }).click()
    await dialog.getByText('Enter 1 to 128 letters').waitFor()
    await dialog.getByLabel('Group name').fill('teens')
    await dialog.getByRole('button', { name: 'Create group' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'teens' }).waitFor()
    await kit.page.getByRole('heading', { name: 'Things (10)' }).waitFor()
    await kit.page.getByText('active', { exact: true }).waitFor()
    const group = await kit.server.iot.send(
      new DescribeThingGroupCommand({ thingGroupName: 'teens' }),
    )
    expect(group.queryString).toBe('thingName:pump-1*')
  })

  it('gateway G75: static ones, at the top or below another', async () => {
    await kit.open('/groups')
    await kit.page.getByRole('button', { name: 'Create group' }).click()
    await kit.page.getByRole('menuitem', { name: 'Static group' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Create static group' })
    await dialog.getByLabel('Group name').fill('spare-parts')
    await dialog.getByLabel('Description').fill('What lies in the cellar')
    await dialog.getByRole('button', { name: 'Create group' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'spare-parts' }).waitFor()
    await kit.page.getByText('What lies in the cellar').waitFor()

    await kit.page.getByRole('button', { name: 'Create child group' }).first().click()
    await dialog.getByLabel('Group name').fill('valves')
    await dialog.getByRole('button', { name: 'Create group' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'valves' }).waitFor()
    await kit.page
      .getByRole('navigation', { name: 'Breadcrumbs' })
      .getByRole('link', { name: 'spare-parts' })
      .click()
    await table('Child groups').getByRole('link', { name: 'valves' }).waitFor()
  })

  it('and changed, and deleted', async () => {
    await kit.open('/groups/early-pumps')
    await kit.page.getByRole('button', { name: 'Edit', exact: true }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Edit early-pumps' })
    await dialog.getByRole('textbox', { name: 'Query' }).fill('thingName:pump-01')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await kit.page.getByRole('heading', { name: 'Things (1)' }).waitFor()
    await kit.page.getByRole('button', { name: 'Delete' }).click()
    await kit.page
      .getByRole('dialog', { name: 'Delete group early-pumps?' })
      .getByRole('button', { name: 'Delete' })
      .click()
    await kit.page.getByRole('heading', { level: 1, name: 'Groups' }).waitFor()
    await row('plants').waitFor()
    await row('early-pumps').waitFor({ state: 'detached' })
  })
})

describe('the page of a group', () => {
  it('pages its things, and shows those of groups below on demand', async () => {
    await kit.open('/groups/plants')
    await table('Things').getByText('There are no things in this group.').waitFor()
    await kit.page.getByRole('checkbox', { name: 'With the things of groups below' }).click()
    await table('Things').getByRole('link', { name: 'pump-01' }).waitFor()
    await kit.page.getByRole('button', { name: 'Next page of things' }).click()
    await table('Things').getByRole('link', { name: 'pump-30' }).waitFor()
  })

  it('gateway G76: takes things in and lets them go', async () => {
    await kit.open('/groups/oslo')
    await kit.page.getByRole('button', { name: 'Add things to the group' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Add things to oslo' })
    await dialog.getByLabel('Thing names').fill('valve-1, valve-2\nnobody')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.getByRole('alert').getByText('ResourceNotFoundException').waitFor()
    await dialog.getByLabel('Thing names').fill('valve-1, valve-2')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await kit.page.getByRole('heading', { name: 'Things (2)' }).waitFor()
    await kit.page.getByRole('checkbox', { name: 'Select valve-1' }).check()
    await kit.page.getByRole('button', { name: 'Remove' }).click()
    await kit.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await kit.page.getByRole('heading', { name: 'Things (1)' }).waitFor()
    const { things } = await kit.server.iot.send(
      new ListThingsInThingGroupCommand({ thingGroupName: 'oslo' }),
    )
    expect(things).toEqual(['valve-2'])
  })

  it('shows the jobs that target it', async () => {
    await kit.open('/groups/hall-1')
    await table('Jobs')
      .getByRole('row')
      .filter({ hasText: 'wave-1' })
      .getByText('in progress')
      .waitFor()
    await kit.open('/groups/oslo')
    await table('Jobs').getByText('No job targets this group.').waitFor()
    await kit.page.getByRole('link', { name: 'Create job' }).first().click()
    await eventually(() => new URL(kit.page.url()).search).toBe('?group=oslo')
    await kit.page.getByRole('button', { name: 'Remove oslo' }).waitFor()
  })

  it('authz A10: attaches policies and detaches them', async () => {
    const attached = async () => {
      const { policies } = await kit.server.iot.send(
        new ListAttachedPoliciesCommand({
          target: 'arn:aws:iot:eu-west-1:123456789012:thinggroup/berlin',
        }),
      )
      return policies?.map(({ policyName }) => policyName)
    }
    await kit.open('/groups/berlin')
    await kit.page.getByRole('button', { name: 'Attach policy' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Attach a policy to berlin' })
    await dialog.getByRole('button', { name: 'Policy' }).click()
    await kit.page.getByRole('option', { name: 'open' }).click()
    await dialog.getByRole('button', { name: 'Attach' }).click()
    await table('Policies').getByRole('link', { name: 'open' }).waitFor()
    expect(await attached()).toEqual(['open'])
    await kit.page.getByRole('button', { name: 'Detach open' }).click()
    await kit.page.getByRole('dialog').getByRole('button', { name: 'Detach' }).click()
    await table('Policies').getByText('No policy is attached to this group.').waitFor()
    expect(await attached()).toEqual([])
  })

  it('has no serious finding of axe, and fits a narrow screen', async () => {
    await kit.open('/groups/hall-1')
    await table('Things').getByRole('link', { name: 'pump-01' }).waitFor()
    await kit.expectAccessible()
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await eventually(() => pageOverflow(kit.page)).toBe(0)
  })
})
