/** The simulator’s page, steering a real fleet of a real server. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TEST_CREDENTIALS } from '@muster/server/testkit'
import { answerSimulator, Simulator, type Scenario } from '@muster/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'
import { pageOverflow } from './page-overflow.ts'

const quick = { firstSeconds: 0.05, maxSeconds: 0.2 }
const scenario: Scenario = {
  name: 'small',
  description: 'Six devices that do what they are told.',
  devices: 6,
  groups: [
    {
      name: 'mqtt',
      share: 0.5,
      connection: { retry: quick, reconnect: quick },
      jobs: [{ behaviour: 'succeed', durationSeconds: 0.1 }],
    },
    {
      name: 'https',
      share: 0.5,
      connection: { protocol: 'https', pollSeconds: 0.2 },
      jobs: [{ behaviour: 'succeed', durationSeconds: 0.1 }],
    },
  ],
  phases: [{ connect: {} }],
}

/** A fleet takes its time on a busy machine. */
const slow = { timeout: 120_000 }

const kit = useConsole({ server: { clock: 'system' } })

const table = (name: string) => kit.page.getByRole('table', { name, exact: true })
const fact = (label: string) =>
  kit.page.getByRole('term').filter({ hasText: label }).locator('xpath=..').getByRole('definition')

describe('a server without a simulator', () => {
  it('says so plainly', async () => {
    await kit.open('/simulator')
    await kit.page.getByText('This server runs no simulator').waitFor()
    await kit.expectAccessible()
  })
})

describe('a server that runs a simulator', () => {
  let folder: string
  let simulator: Simulator

  beforeAll(() => {
    const { server } = kit
    folder = mkdtempSync(join(tmpdir(), 'muster-console-fleet-'))
    simulator = new Simulator({
      region: server.options.region,
      credentials: TEST_CREDENTIALS,
      endpoints: {
        controlUrl: server.httpUrl,
        dataHost: 'localhost',
        mqttPort: server.mqttPort,
        httpsPort: server.httpsPort,
        caPem: readFileSync(server.caFile, 'utf8'),
      },
      identityFolder: folder,
    })
    server.mountAdmin('simulator', async (request) => {
      const { status, body } = await answerSimulator(simulator, [scenario], request)
      return { status, contentType: 'application/json', body: JSON.stringify(body) }
    })
  })

  afterAll(async () => {
    await simulator?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('starts a scenario, and shows its fleet connect', slow, async () => {
    await kit.open('/simulator')
    await fact('State').getByText('stopped').waitFor()
    await kit.page.getByRole('button', { name: 'Start scenario' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Start scenario' })
    await dialog.getByRole('button', { name: 'Start', exact: true }).click()
    await dialog.getByText('Choose a scenario.').first().waitFor()
    await dialog.getByRole('button', { name: 'Scenario' }).click()
    await kit.page.getByRole('option', { name: /^small/ }).click()
    await dialog.getByLabel('Devices').fill('0')
    await dialog.getByText('Enter a whole number from 1.').waitFor()
    await dialog.getByLabel('Devices').fill('')
    await dialog.getByRole('button', { name: 'Start', exact: true }).click()
    await kit.page.getByText('Scenario small was started.').waitFor()
    await fact('Connected').getByText('6 of 6').waitFor({ timeout: 100_000 })
    await fact('State').getByText('running').waitFor()
    await table('Protocols').getByRole('row').filter({ hasText: 'HTTPS' }).getByText('3').waitFor()
    await table('Behaviours')
      .getByRole('row')
      .filter({ hasText: 'succeed' })
      .getByText('6')
      .waitFor()
    await kit.page.getByRole('application', { name: 'Rates a second' }).waitFor()
    const { thingGroup } = simulator.state
    await fact('Thing group')
      .getByRole('link', { name: thingGroup ?? '' })
      .waitFor()
  })

  it('changes failure rate and behaviours while it runs', slow, async () => {
    await kit.open('/simulator')
    const rate = kit.page.getByLabel('Percent of devices that fail')
    await rate.fill('120')
    await kit.page.getByText('Enter a number from 0 to 100.').waitFor()
    await rate.fill('50')
    await kit.page.getByRole('button', { name: 'Set failure rate' }).click()
    await kit.page.getByText('Now 50 percent of the devices fail.').waitFor()
    await table('Behaviours').getByRole('row').filter({ hasText: 'fail' }).getByText('3').waitFor()

    await kit.page.getByRole('button', { name: 'Change behaviours' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Change behaviours' })
    const shares = dialog.getByRole('textbox', { name: 'Share, percent' })
    expect(await shares.count()).toBe(2)
    await shares.first().fill('20')
    await dialog.getByRole('button', { name: 'Change', exact: true }).click()
    await dialog.getByText('The shares make 70 percent, not 100.').waitFor()
    await dialog.getByRole('button', { name: 'Remove fail' }).click()
    await shares.first().fill('100')
    await dialog.getByRole('button', { name: 'Change', exact: true }).click()
    await kit.page.getByText('The fleet has new shares.').waitFor()
    expect(simulator.state.byBehaviour).toMatchObject([{ behaviour: 'succeed', share: 1 }])
  })

  it('makes network faults and ends them', slow, async () => {
    await kit.open('/simulator')
    await kit.page.getByLabel('Offline every, seconds').fill('60')
    await kit.page.getByText('Both how often and for how long are needed.').waitFor()
    await kit.page.getByLabel('Offline every, seconds').fill('')
    await kit.page.getByLabel('Latency, milliseconds').fill('5')
    await kit.page.getByLabel('Connection cut every, seconds').fill('1')
    await kit.page.getByRole('button', { name: 'Set network faults' }).click()
    await kit.page.getByText('The fleet’s network faults were changed.').first().waitFor()
    expect(simulator.state.network).toEqual({
      latencyMilliseconds: 5,
      flapping: { everySeconds: 1 },
    })
    await table('What went wrong').getByRole('row').filter({ hasText: 'flapping' }).waitFor()
    await kit.page.getByRole('button', { name: 'End all faults' }).click()
    await eventually(() => simulator.state.network).toBeNull()
  })

  it('has no serious finding of axe, and fits a narrow screen', slow, async () => {
    await kit.open('/simulator')
    await kit.page.getByRole('application', { name: 'Rates a second' }).waitFor()
    await kit.expectAccessible()
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await eventually(() => pageOverflow(kit.page)).toBe(0)
  })

  it('stops what runs', slow, async () => {
    await kit.open('/simulator')
    await kit.page.getByRole('button', { name: 'Stop' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Stop small?' })
    await dialog.getByRole('button', { name: 'Stop' }).click()
    await kit.page.getByText('Scenario small was stopped.').waitFor({ timeout: 60_000 })
    await fact('State').getByText('stopped').waitFor()
    expect(simulator.state.connected).toBe(0)
  })
})
