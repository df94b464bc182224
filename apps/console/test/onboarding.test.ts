/** Onboarding: devices that are made or claimed here, connect, and carry out their first job. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreatePolicyCommand,
  CreateProvisioningTemplateCommand,
  DescribeThingCommand,
  ListThingPrincipalsCommand,
  UpdateEventConfigurationsCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, jobsPolicy } from '@muster/server/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { starterBody } from '../src/onboarding/template-body.ts'
import { useConsole } from './console-kit.ts'
import { downloaded } from './downloaded.ts'
import { expectNoPageScroll } from './narrow.ts'

const kit = useConsole({
  prepare: async ({ iot }) => {
    await iot.send(
      new UpdateEventConfigurationsCommand({
        eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } },
      }),
    )
    await iot.send(
      new CreatePolicyCommand({ policyName: 'line', policyDocument: jobsPolicy('eu-west-1') }),
    )
    await iot.send(
      new CreateProvisioningTemplateCommand({
        templateName: 'line-1',
        enabled: true,
        provisioningRoleArn: 'arn:aws:iam::123456789012:role/line',
        templateBody: starterBody('line'),
      }),
    )
  },
})

/** Programs that were pasted, and their folders. */
const pasted: { readonly program: ChildProcess; readonly folder: string }[] = []

afterEach(async () => {
  for (const { program, folder } of pasted.splice(0)) {
    if (program.exitCode === null) {
      const ended = new Promise((resolve) => program.once('close', resolve))
      process.kill(-(program.pid ?? 0), 'SIGTERM')
      await ended
    }
    await rm(folder, { recursive: true })
  }
})

/** Pastes lines into a shell in a folder that has the device's files and finds MQTT.js. */
async function paste(lines: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = await mkdtemp(join(import.meta.dirname, '../node_modules/.pasted-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const shell = spawn('sh', ['-c', lines], { cwd: folder, stdio: 'ignore', detached: true })
  pasted.push({ program: shell, folder })
}

async function files(name: string): Promise<Readonly<Record<string, string>>> {
  return {
    [`${name}.pem`]: await downloaded(kit.page, 'Download certificate'),
    [`${name}.key`]: await downloaded(kit.page, 'Download private key'),
    'ca.pem': await downloaded(kit.page, 'Download server authority'),
  }
}

describe('onboarding', () => {
  it('makes a device, waits for it, and gives it its first job', async () => {
    const { page, server } = kit
    await kit.open('/onboarding')
    await page.getByRole('heading', { level: 2, name: 'Make a device' }).waitFor()
    await kit.expectAccessible()
    await page.getByRole('link', { name: 'Make a device' }).click()
    await kit.live()
    await page.getByLabel('Thing name').fill('lamp one')
    await page.getByText('A name has 1 to 64 letters').first().waitFor()
    await page.getByLabel('Thing name').fill('lamp')
    await kit.expectAccessible()
    await page.getByRole('button', { name: 'Make device' }).click()
    await page.getByText('Waiting for lamp to connect').waitFor()
    for (const step of ['CreateThing: lamp', 'CreatePolicy: muster-device', 'AttachPolicy']) {
      await page.getByText(step).first().waitFor()
    }
    // That it looked whether the name is taken is nobody's refusal.
    const refusals = await (await server.admin('GET', 'decisions')).text()
    expect(refusals).not.toContain('iot:DescribeThing')
    const lines = await page.getByRole('region', { name: 'Lines for MQTT.js' }).innerText()
    await paste(lines, await files('lamp'))
    await page.getByRole('status').getByText('lamp is connected').waitFor()
    await page.getByRole('button', { name: 'Create its first job' }).click()
    await page.getByText('lamp is onboarded').waitFor()
    await page.getByText('succeeded', { exact: true }).waitFor()
    await kit.expectAccessible()
    const { principals = [] } = await server.iot.send(
      new ListThingPrincipalsCommand({ thingName: 'lamp' }),
    )
    expect(principals).toHaveLength(1)
  })

  it('refuses a name that is taken, and goes on under another', async () => {
    const { page, server } = kit
    await server.iot.send(new DescribeThingCommand({ thingName: 'lamp' }))
    await kit.open('/onboarding/device')
    await page.getByLabel('Thing name').fill('lamp')
    await page.getByRole('button', { name: 'Make device' }).click()
    await page.getByRole('alert').getByText('There is a thing lamp already').waitFor()
  })

  it('tells why a device is refused while it waits for it', async () => {
    const { page, server } = kit
    await kit.open('/onboarding/device')
    await kit.live()
    await page.getByLabel('Thing name').fill('mast')
    await page.getByRole('radio', { name: 'Made by AWS IoT' }).check()
    await page.getByRole('button', { name: 'Make device' }).click()
    await page.getByText('Waiting for mast to connect').waitFor()
    const made = await files('mast')
    const device = {
      thingName: 'mast',
      certificatePem: made['mast.pem'] ?? '',
      privateKeyPem: made['mast.key'] ?? '',
    }
    const client = await connectMqtt(server, device)
    await page.getByText('mast is connected').waitFor()
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish('elsewhere', '1', { qos: 0 })
    await closed
    const refused = page.getByText('iot:Publish was refused: AUTHORIZATION_FAILED')
    await refused.waitFor()
    await page.getByRole('link', { name: 'Explain and mend' }).click()
    await page.getByRole('heading', { name: 'What would allow it' }).waitFor()
  })

  it('claims a device, message by message, which connects and does its first job', async () => {
    const { page } = kit
    await kit.open('/onboarding?tab=templates')
    await page.getByRole('link', { name: 'line-1' }).click()
    await page.getByRole('link', { name: 'Claim a device' }).click()
    await kit.live()
    await page.getByLabel('ThingName').fill('valve')
    await page.getByRole('button', { name: 'Claim device' }).click()
    const wire = page.getByRole('table', { name: 'Messages on the wire' })
    await wire.getByText('$aws/certificates/create-from-csr/json/accepted').last().waitFor()
    await wire
      .getByText('$aws/provisioning-templates/line-1/provision/json/accepted')
      .last()
      .waitFor()
    expect(await wire.innerText()).toContain('"certificateOwnershipToken": "(secret)"')
    await page.getByText('Waiting for valve to connect').waitFor()
    await kit.expectAccessible()
    const lines = await page.getByRole('region', { name: 'Lines for MQTT.js' }).innerText()
    await paste(lines, await files('valve'))
    await page.getByText('valve is connected').waitFor()
    await page.getByRole('button', { name: 'Create its first job' }).click()
    await page.getByText('valve is onboarded').waitFor()
  })

  it('shows what a claim is rejected for', async () => {
    const { page } = kit
    await kit.open('/onboarding/create-template')
    await page.getByLabel('Template name').fill('no-policy')
    await page.getByRole('textbox', { name: 'Template body' }).focus()
    await page.keyboard.press('Control+A')
    await page.getByRole('textbox', { name: 'Template body' }).fill(starterBody('absent'))
    await kit.expectAccessible()
    await page.getByRole('button', { name: 'Create template' }).click()
    await page.getByRole('heading', { level: 1, name: 'no-policy' }).waitFor()
    await page.getByRole('link', { name: 'Claim a device' }).click()
    await page.getByLabel('ThingName').fill('never')
    await page.getByRole('button', { name: 'Claim device' }).click()
    const wire = page.getByRole('table', { name: 'Messages on the wire' })
    await wire.getByText('no-policy/provision/json/rejected').last().waitFor()
    await page.getByRole('alert').getByText('absent').waitFor()
  })

  it('templates get versions, are disabled and enabled, and make claims', async () => {
    const { page } = kit
    await kit.open('/onboarding/templates/line-1')
    await page.getByRole('button', { name: 'Create version' }).click()
    const editor = page.getByRole('textbox', { name: 'Template body' })
    await editor.focus()
    await page.keyboard.press('Control+A')
    await editor.fill(starterBody('muster-device'))
    await page.getByRole('button', { name: 'Save as active version' }).click()
    await page.getByText('Version 2 of template line-1 is active.').waitFor()
    const versions = page.getByRole('table', { name: 'Versions' })
    await versions.getByRole('radio', { name: 'Version 1' }).click()
    await page.getByRole('region', { name: 'Body of version 1' }).getByText('"line"').waitFor()
    await page.getByRole('button', { name: 'Set as active' }).click()
    await page.getByText('Version 1 is active.').waitFor()
    await page.getByRole('button', { name: 'Create claim' }).click()
    await page.getByText('is good until').waitFor()
    expect(await downloaded(page, 'Download private key')).toContain('PRIVATE KEY-----')
    await kit.expectAccessible()
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('disabled', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByText('enabled', { exact: true }).waitFor()
  })

  it('is usable on a narrow screen', async () => {
    await kit.page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['', '/device', '/claim', '?tab=templates', '/templates/line-1']) {
      await kit.open(`/onboarding${path}`)
      await kit.page.getByRole('heading', { level: 2 }).first().waitFor()
      await expectNoPageScroll(kit.page)
    }
  })
})
