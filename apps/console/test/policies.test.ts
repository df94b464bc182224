/** Policies: versions, differences, the editor that checks, targets. */
import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateThingGroupCommand,
  GetPolicyCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-iot'
import { createDevice, jobsPolicy, type TestDevice } from '@muster/server/testkit'
import { describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'
import { expectNoPageScroll } from './narrow.ts'

let valve: TestDevice

const kit = useConsole({
  prepare: async (server) => {
    valve = await createDevice(server.iot, 'valve', {
      policyDocument: jobsPolicy('eu-west-1'),
    })
    await server.iot.send(
      new CreatePolicyCommand({ policyName: 'door', policyDocument: documentOf('client/door') }),
    )
    for (const name of ['a', 'b', 'c']) {
      const policyDocument = documentOf(`client/${name}`)
      await server.iot.send(new CreatePolicyVersionCommand({ policyName: 'door', policyDocument }))
    }
    await server.iot.send(new CreateThingGroupCommand({ thingGroupName: 'valves' }))
  },
})

const arn = (resource: string): string => `arn:aws:iot:eu-west-1:123456789012:${resource}`

function documentOf(resource: string): string {
  const statement = { Effect: 'Allow', Action: 'iot:Connect', Resource: arn(resource) }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2)
}

async function write(text: string): Promise<void> {
  const editor = kit.page.getByRole('textbox', { name: 'Policy document' })
  await editor.focus()
  await kit.page.keyboard.press('Control+A')
  await editor.fill(text)
}

describe('policies', () => {
  it('are written with faults and findings shown, and created', async () => {
    const { page } = kit
    await kit.open('/policies')
    await page
      .getByRole('table', { name: 'AWS IoT policies' })
      .getByText('valve-policy')
      .first()
      .waitFor()
    await kit.expectAccessible()
    await page.getByRole('link', { name: 'Create policy' }).click()
    await page.getByLabel('Policy name').fill('gate policy')
    await page.getByText('A name has 1 to 128').first().waitFor()
    await page.getByLabel('Policy name').fill('gate')
    await page.getByText('The audit finds nothing.').waitFor()
    await write('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}')
    await page.getByText('Statement[0] has neither `Action` nor `NotAction`').first().waitFor()
    const create = page.getByRole('button', { name: 'Create policy' })
    expect(await create.getAttribute('aria-disabled')).toBe('true')
    await write(documentOf('client/*'))
    const findings = page.getByRole('table', { name: 'Audit findings' })
    await findings.getByText('ALLOWS_BROAD_ACCESS_TO_IOT_DATA_PLANE_ACTIONS').waitFor()
    await findings.getByText('Critical').waitFor()
    await kit.expectAccessible()
    await create.click()
    await page.getByRole('heading', { level: 1, name: 'gate' }).waitFor()
    await page.getByText('Policy gate was created.').waitFor()
  })

  it('get new versions, compared with the one before, of which five are kept', async () => {
    const { page } = kit
    for (const [index, name] of ['d', 'e'].entries()) {
      await kit.open('/policies/door/edit')
      await page.getByRole('textbox', { name: 'Policy document' }).waitFor()
      await write(documentOf(`client/${name}`))
      await page
        .getByRole('region', { name: 'Change of policy door' })
        .getByRole('insertion')
        .getByText(`client/${name}`)
        .waitFor()
      if (index === 1) await page.getByText('version 1, the oldest that is not active').waitFor()
      await page.getByRole('button', { name: 'Save as new version' }).click()
      await page.getByText(`Version ${index + 5} of policy door was created.`).waitFor()
    }
    const versions = page.getByRole('table', { name: 'Versions' })
    await eventually(() => versions.getByRole('row').count()).toBe(6)
    const changes = page.getByRole('region', { name: 'Changes of version 6' })
    await changes.getByRole('insertion').getByText('client/e').waitFor()
    await changes.getByRole('deletion').getByText('client/d').waitFor()
    await kit.expectAccessible()
    await versions.getByRole('radio', { name: 'Version 3' }).click()
    await page.getByRole('region', { name: 'Changes of version 3' }).getByText('client/b').waitFor()
    await page.getByRole('button', { name: 'Set as active' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('row', { name: /^Gained iot:Connect client\/\w+ / }).waitFor()
    await dialog.getByRole('row', { name: /^Lost iot:Connect client\/\w+ / }).waitFor()
    await dialog.getByRole('button', { name: 'Set as active' }).click()
    await page.getByText('Version 3 of policy door is active.').waitFor()
    const { policyDocument = '' } = await kit.server.iot.send(
      new GetPolicyCommand({ policyName: 'door' }),
    )
    expect(policyDocument).toContain('client/b')
    await versions.getByRole('radio', { name: 'Version 6' }).click()
    await page.getByRole('region', { name: 'Changes of version 6' }).waitFor()
    await page.getByRole('button', { name: 'Delete version' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete version' }).click()
    await eventually(() => versions.getByRole('row').count()).toBe(5)
  })

  it('are attached to certificates and groups, and detached', async () => {
    const { page } = kit
    await kit.open('/policies/door?tab=targets')
    const attach = async (type: string, label: string, text: string): Promise<void> => {
      await page.getByRole('button', { name: 'Attach', exact: true }).first().click()
      const dialog = page.getByRole('dialog', { name: 'Attach policy door' })
      await dialog.getByRole('button', { name: /^Type/ }).click()
      await page.getByRole('option', { name: type }).first().click()
      await dialog.getByLabel(label).fill(text)
      await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await attach('Certificate', 'Certificate ID or ARN', valve.certificateId)
    await attach('Certificates of a thing', 'Thing name', 'valve')
    await attach('Thing group', 'Group name or ARN', 'valves')
    await attach(
      'Cognito identity',
      'Identity ID',
      'eu-west-1:11111111-2222-3333-4444-555555555555',
    )
    const table = page.getByRole('table', { name: 'Targets' })
    await table.getByRole('link', { name: 'valves' }).waitFor()
    await eventually(() => table.getByRole('row').count()).toBe(4)
    await kit.expectAccessible()
    await table.getByRole('checkbox', { name: 'Select Thing group valves' }).check()
    await page.getByRole('button', { name: 'Detach', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Detach', exact: true }).click()
    await table.getByRole('link', { name: 'valves' }).waitFor({ state: 'detached' })
    const { targets = [] } = await kit.server.iot.send(
      new ListTargetsForPolicyCommand({ policyName: 'door' }),
    )
    expect(targets).toHaveLength(2)
  })

  it('are tried with what they are attached to', async () => {
    const { page } = kit
    await kit.open('/policies/valve-policy?tab=try')
    await page.getByRole('button', { name: /^Principal Certificate/ }).waitFor()
    await page.getByLabel('Client ID').fill('valve')
    await page.getByRole('button', { name: /^Action/ }).click()
    await page.getByRole('option', { name: 'iot:Connect' }).click()
    await page.getByLabel('Resource').fill('valve')
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByRole('status').getByText('Allowed').waitFor()
  })

  it('that are attached are not deleted, and say why', async () => {
    const { page } = kit
    await kit.open('/policies/door')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete policy door?' })
    await dialog.getByRole('button', { name: 'Delete policy' }).click()
    await dialog.getByRole('alert').getByText('DeleteConflictException').waitFor()
  })

  it('are usable on a narrow screen', async () => {
    await kit.page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['', '/door', '/door?tab=versions', '/door/edit']) {
      await kit.open(`/policies${path}`)
      await kit.page.getByRole('heading', { level: 2 }).first().waitFor()
      await expectNoPageScroll(kit.page)
    }
  })
})
