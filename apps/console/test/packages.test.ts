/** Packages and role aliases in the console: from a package to a job that installs a version of it. */
import {
  CreateThingCommand,
  DescribeJobCommand,
  DescribeRoleAliasCommand,
  GetPackageCommand,
  GetPackageConfigurationCommand,
  GetPackageVersionCommand,
} from '@aws-sdk/client-iot'
import { expect, it } from 'vitest'
import { attributesIn, installedQuery, versionInWords } from '../src/packages/package-form.ts'
import { eventually, useConsole } from './console-kit.ts'

const ROLE = 'arn:aws:iam::123456789012:role/packages'
const VERSION = 'arn:aws:iot:eu-west-1:123456789012:package/lamp-os/version/1.0.0'

const kit = useConsole({
  prepare: async ({ iot }) => {
    await iot.send(new CreateThingCommand({ thingName: 'lamp' }))
  },
})

it('what is typed of attributes, and how versions are said', () => {
  expect(attributesIn('url=https://x/?a=b\n\n n=1 ')).toEqual({ url: 'https://x/?a=b', n: '1' })
  expect(attributesIn('url')).toBeUndefined()
  expect(versionInWords(VERSION)).toBe('lamp-os 1.0.0')
  expect(installedQuery('a', '1')).toBe('shadow.name.$package.reported.a.version:1')
})

it('a package, a version, the inventory, and a job that installs it', async () => {
  const { page, server } = kit
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const dialog = (name: string) => page.getByRole('dialog', { name })
  await kit.open('/packages')
  await button('Create package').first().click()
  await dialog('Create package').getByLabel('Package name').fill('lamp-os')
  await dialog('Create package').getByRole('button', { name: 'Create package' }).click()
  await page.getByRole('heading', { level: 1, name: 'lamp-os' }).waitFor()

  await button('Create version').click()
  const versionDialog = dialog('Create version of lamp-os')
  await versionDialog.getByLabel('Version name').fill('1.0.0')
  await versionDialog.getByLabel('Attributes').fill('url=https://example.com/1')
  await versionDialog.getByRole('button', { name: 'Create version' }).click()
  await page.getByRole('checkbox', { name: 'Select 1.0.0' }).check()
  await button('Publish').click()
  await page.getByText('PUBLISHED').first().waitFor()
  await button('Make default').click()
  await page.getByText('1.0.0 (default)').waitFor()
  const version = { packageName: 'lamp-os', versionName: '1.0.0' }
  expect(await server.iot.send(new GetPackageVersionCommand(version))).toMatchObject({
    status: 'PUBLISHED',
    attributes: { url: 'https://example.com/1' },
  })
  const found = await server.iot.send(new GetPackageCommand({ packageName: 'lamp-os' }))
  expect(found.defaultVersionName).toBe('1.0.0')

  await kit.open('/packages')
  await button('Edit inventory').click()
  await dialog('Edit inventory').getByText('Jobs that succeed write the version').click()
  await dialog('Edit inventory').getByLabel('Role').fill(ROLE)
  await dialog('Edit inventory').getByRole('button', { name: 'Save' }).click()
  const configuration = new GetPackageConfigurationCommand({})
  await eventually(async () => (await server.iot.send(configuration)).versionUpdateByJobsConfig) //
    .toEqual({ enabled: true, roleArn: ROLE })

  await kit.open('/create-job?thing=lamp')
  await page.getByLabel('Job ID').fill('install')
  await button('Next').click()
  await page.getByLabel('Package versions').click()
  await page.getByRole('option', { name: 'lamp-os 1.0.0' }).click()
  await page.keyboard.press('Escape')
  await button('Skip to review and create').click()
  await page.getByText('lamp-os 1.0.0').first().waitFor()
  await button('Create job').click()
  await page.getByRole('heading', { level: 1, name: 'install' }).waitFor()
  const { job } = await server.iot.send(new DescribeJobCommand({ jobId: 'install' }))
  expect(job?.destinationPackageVersions).toEqual([VERSION])
})

it('a role alias is made and deleted', async () => {
  const { page, server } = kit
  await kit.open('/role-aliases')
  await page.getByRole('button', { name: 'Create role alias', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create role alias' })
  await dialog.getByLabel('Role alias name').fill('reader')
  await dialog.getByLabel('Role', { exact: true }).fill(ROLE)
  await dialog.getByLabel('Minutes that keys last').fill('15')
  await dialog.getByRole('button', { name: 'Create role alias' }).click()
  await page.getByRole('cell', { name: '15 minutes' }).waitFor()
  const describe = new DescribeRoleAliasCommand({ roleAlias: 'reader' })
  const { roleAliasDescription } = await server.iot.send(describe)
  expect(roleAliasDescription).toMatchObject({ roleArn: ROLE, credentialDurationSeconds: 900 })
  await page.getByRole('checkbox', { name: 'Select reader' }).check()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  const sure = page.getByRole('dialog', { name: 'Delete role alias reader?' })
  await sure.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('No role alias yet.').waitFor()
  await expect(server.iot.send(describe)).rejects.toThrow('does not exist')
})
