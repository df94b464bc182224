/** Certificates and authorities: whose they are, and what becomes of them. */
import {
  AttachPolicyCommand,
  DescribeCertificateCommand,
  GetRegistrationCodeCommand,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import {
  connectMqtt,
  createDevice,
  jobsPolicy,
  OPEN_POLICY,
  type TestDevice,
} from '@muster/server/testkit'
import { describe, expect, it } from 'vitest'
import { useConsole } from './console-kit.ts'
import { downloaded } from './downloaded.ts'
import { expectNoPageScroll } from './narrow.ts'

let pump: TestDevice

const kit = useConsole({
  prepare: async (server) => {
    await server.iot.send(
      new UpdateIndexingConfigurationCommand({
        thingIndexingConfiguration: {
          thingIndexingMode: 'REGISTRY',
          thingConnectivityIndexingMode: 'STATUS',
        },
      }),
    )
    pump = await createDevice(server.iot, 'pump', {
      policyDocument: jobsPolicy('eu-west-1'),
    })
    await createDevice(server.iot, 'open', { policyDocument: OPEN_POLICY })
  },
})

async function statusOf(certificateId: string): Promise<string | undefined> {
  const asked = new DescribeCertificateCommand({ certificateId })
  return (await kit.server.iot.send(asked)).certificateDescription?.status
}

async function act(name: string): Promise<void> {
  const { page } = kit
  await page.getByRole('button', { name: 'Actions', exact: true }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

describe('certificates', () => {
  it('are listed with status, things, times and authority', async () => {
    await kit.open('/certificates')
    const { page } = kit
    const row = page
      .getByRole('table', { name: 'Certificates' })
      .getByRole('row')
      .filter({ hasText: 'pump' })
    await row.getByText('active', { exact: true }).waitFor()
    await row.getByText('AWS IoT').waitFor()
    await row.getByText('2049').waitFor()
    await kit.expectAccessible()
    await page.getByLabel('Certificate ID').fill(pump.certificateId)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: /^Certificate [0-9a-f]{16}…$/ }).waitFor()
    expect(page.url()).toContain(pump.certificateId)
  })

  it('deactivated, cut their device off while one watches', async () => {
    const { page } = kit
    await kit.open(`/certificates/${pump.certificateId}`)
    await kit.live()
    const log = page.getByRole('log', { name: 'Connections' })
    await page.getByText('Nothing was heard yet.').waitFor()
    const client = await connectMqtt(kit.server, pump)
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    await log.getByText('pump connected').waitFor()
    const things = page.getByRole('table', { name: 'Attached things' })
    await things.getByText('connected', { exact: true }).waitFor()
    await act('Deactivate')
    await closed
    await things.getByText('not connected', { exact: true }).waitFor()
    await log.getByText('pump was disconnected').waitFor()
    await page.getByText('inactive', { exact: true }).waitFor()
    expect(await statusOf(pump.certificateId)).toBe('INACTIVE')
    await expect(connectMqtt(kit.server, pump)).rejects.toThrow()
    await kit.expectAccessible()
    await act('Activate')
    await (await connectMqtt(kit.server, pump)).endAsync()
  })

  it('say why something cannot be done with them', async () => {
    await kit.open(`/certificates/${pump.certificateId}`)
    const { page } = kit
    await page.getByRole('button', { name: 'Actions', exact: true }).press('Enter')
    const activate = page.getByRole('menuitem', { name: 'Activate', exact: true })
    await activate.waitFor()
    expect(await activate.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('tooltip').getByText('It is active.').waitFor()
  })

  it('get and lose policies and things', async () => {
    const { page } = kit
    await kit.open(`/certificates/${pump.certificateId}?tab=policies`)
    await page.getByRole('button', { name: 'Attach policy' }).click()
    const dialog = page.getByRole('dialog', { name: 'Attach policy' })
    await dialog.getByRole('button', { name: /^Policy/ }).click()
    await page.getByRole('option', { name: 'open-policy' }).click()
    await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
    const table = page.getByRole('table', { name: 'Attached policies' })
    await table.getByRole('link', { name: 'open-policy' }).waitFor()
    await table.getByRole('checkbox', { name: 'Select open-policy' }).check()
    await page.getByRole('button', { name: 'Detach policies' }).click()
    const detach = page.getByRole('dialog', { name: 'Detach policy open-policy?' })
    await detach.getByRole('button', { name: 'Detach', exact: true }).click()
    await table.getByRole('link', { name: 'open-policy' }).waitFor({ state: 'detached' })
    const { policies = [] } = await kit.server.iot.send(
      new ListAttachedPoliciesCommand({ target: pump.certificateArn }),
    )
    expect(policies.map(({ policyName }) => policyName)).toEqual(['pump-policy'])

    await page.getByRole('tab', { name: 'Things' }).click()
    await page.getByRole('button', { name: 'Attach to thing' }).click()
    const thing = page.getByRole('dialog', { name: 'Attach to thing' })
    await thing.getByLabel('Thing name').fill('open')
    await thing.getByRole('button', { name: 'Attach', exact: true }).click()
    const things = page.getByRole('table', { name: 'Attached things' })
    await things.getByRole('checkbox', { name: 'Select open' }).check()
    await page.getByRole('button', { name: 'Detach things' }).click()
    await page
      .getByRole('dialog', { name: 'Detach from open?' })
      .getByRole('button', { name: 'Detach', exact: true })
      .click()
    await things.getByRole('link', { name: 'open' }).waitFor({ state: 'detached' })
  })

  it('are tried: what the server decides, by which statement', async () => {
    const { page } = kit
    await kit.open(`/certificates/${pump.certificateId}?tab=try`)
    await page.getByLabel('Client ID').fill('pump')
    await page.getByLabel('Resource').fill('$aws/things/pump/jobs/get')
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByRole('status').getByText('Allowed').waitFor()
    await page.getByRole('table', { name: 'Allow of statement 1 of policy pump-policy' }).waitFor()
    await page.getByLabel('Resource').fill('elsewhere')
    await page.getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByText('Denied: nothing allows it').waitFor()
    await kit.expectAccessible()
  })

  it('are rotated step by step, and the device goes on with the new one', async () => {
    const { page, server } = kit
    await server.iot.send(
      new AttachPolicyCommand({ policyName: 'open-policy', target: pump.certificateArn }),
    )
    await kit.open(`/certificates/${pump.certificateId}`)
    await kit.live()
    await page.getByRole('link', { name: 'Rotate' }).click()
    await page.getByText('thing pump and policy').waitFor()
    await page.getByRole('button', { name: 'Make certificate' }).click()
    await page.getByText('Attach to thing pump').waitFor()
    const certificatePem = await downloaded(page, 'Download certificate')
    const privateKeyPem = await downloaded(page, 'Download private key')
    expect(await downloaded(page, 'Download server authority')).toBe(server.caPem)
    expect(await statusOf(pump.certificateId)).toBe('ACTIVE')

    const client = await connectMqtt(server, { ...pump, certificatePem, privateKeyPem })
    await page.getByRole('log', { name: 'Connections' }).getByText('pump connected').waitFor()
    await kit.expectAccessible()
    await page.getByRole('button', { name: 'Deactivate the old certificate' }).click()
    await page.getByText(/is inactive\.$/).waitFor()
    expect(await statusOf(pump.certificateId)).toBe('INACTIVE')
    await client.endAsync()
    const { principals = [] } = await server.iot.send(
      new ListThingPrincipalsCommand({ thingName: 'pump' }),
    )
    expect(principals).toHaveLength(2)
    for (const target of principals) {
      const { policies = [] } = await server.iot.send(new ListAttachedPoliciesCommand({ target }))
      expect(policies.map(({ policyName }) => policyName)).toEqual(['open-policy', 'pump-policy'])
    }
  })

  it('are offered to another account, and taken back', async () => {
    const { page, server } = kit
    const device = await createDevice(server.iot, 'sold', {
      policyDocument: undefined,
      attached: false,
    })
    await kit.open(`/certificates/${device.certificateId}`)
    await page.getByRole('button', { name: 'Actions', exact: true }).waitFor()
    await act('Deactivate')
    await page.getByText('inactive', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Actions', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Transfer to another account' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Account').fill('210987654321')
    await dialog.getByRole('button', { name: 'Transfer to another account' }).click()
    await page.getByText('pending transfer', { exact: true }).waitFor()
    await kit.open('/certificates?tab=transfers')
    const transfers = page.getByRole('table', { name: 'Outgoing transfers' })
    await transfers.getByText('210987654321').waitFor()
    await kit.expectAccessible()
    await transfers.getByRole('link').click()
    await act('Cancel transfer')
    expect(await statusOf(device.certificateId)).toBe('INACTIVE')
  })

  it('authorities are registered with proof of their key, and register their certificates', async () => {
    const { page, server } = kit
    const nowMs = Date.UTC(2026, 0, 1)
    const factory = await createAuthority({ nowMs, commonName: 'Factory' })
    const { registrationCode = '' } = await server.iot.send(new GetRegistrationCodeCommand())
    const { csrPem } = createDeviceKeyAndCsr({ commonName: registrationCode })
    const issued = issueDeviceCertificate(factory, csrPem, { nowMs })
    if (!issued.ok) throw new Error(issued.error.message)
    await kit.open('/certificates?tab=authorities')
    await page.getByRole('link', { name: 'Register authority' }).first().click()
    await page.getByText(registrationCode).waitFor()
    await kit.expectAccessible()
    await page.getByLabel('Certificate of the authority').fill(factory.certificatePem)
    await page.getByLabel('Verification certificate', { exact: true }).fill(factory.certificatePem)
    await page.getByRole('button', { name: 'Register', exact: true }).click()
    await page.getByRole('alert').getByText('RegistrationCodeValidationException').waitFor()
    await page
      .getByLabel('Verification certificate', { exact: true })
      .fill(issued.value.certificatePem)
    await page.getByRole('button', { name: 'Register', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: /^Authority [0-9a-f]{16}…$/ }).waitFor()
    await act('Enable auto-registration')
    await page.getByText('auto-registration is enabled').waitFor()
    await act('Deactivate authority')
    await page.getByText('inactive', { exact: true }).waitFor()
    await kit.expectAccessible()
    await act('Delete authority')
    await page.getByText('No authority is registered').waitFor()
  })

  it('are usable on a narrow screen', async () => {
    await kit.page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['', `/${pump.certificateId}`, '?tab=authorities', '/register-authority']) {
      await kit.open(`/certificates${path}`)
      await kit.page.getByRole('heading', { level: 2 }).first().waitFor()
      await expectNoPageScroll(kit.page)
    }
  })
})
