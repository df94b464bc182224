/** The whole story, with `muster start` as a shell runs it: a job, a denial, its explanation, its fix. */
import { GetPolicyCommand, IoTClient } from '@aws-sdk/client-iot'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { setUpMs, usePage } from './console-page.ts'
import { startDemo, type Demo } from './demo.ts'

/** One of the six devices of the fleet. */
const device = 'muster-demo-00003'
const policyName = 'muster-demo-device'

let demo: Demo

beforeAll(async () => {
  demo = await startDemo(6)
  expect(demo.summary.connected).toBe(6)
}, setUpMs)

afterAll(async () => {
  await demo?.stop()
})

const kit = usePage(() => [demo.origin])

it('a job is created and done; a denied device is seen, explained, mended, and succeeds', async () => {
  await signIn()
  await createJob('second-release', 6)
  await image(/^6 of 6 done/).waitFor()
  await kit.page.getByText('completed', { exact: true }).first().waitFor()
  await image(/^Rollout of second-release over time/).waitFor()

  await denyUpdatesOfTheDevice()
  await createJob('third-release', 6)
  await image(/^5 of 6 done/).waitFor()
  await readTheExplanation()
  await applyTheFix()

  await goTo('Jobs')
  await link('third-release').click()
  await heading('third-release')
  await image(/^6 of 6 done/).waitFor()
  await kit.page.getByText('completed', { exact: true }).first().waitFor()
  await goTo('Things')
  await link(device).click()
  await kit.page.getByText('This device is up to date').waitFor()
})

/** The local operator is there by itself; it signs out and comes back with its keys. */
async function signIn(): Promise<void> {
  await kit.page.goto(`${demo.origin}/console/`)
  await button('Sign out').click()
  await kit.page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
  await kit.page.getByLabel('Access key ID').fill('test')
  await kit.page.getByLabel('Secret access key').fill('test')
  await button('Sign in').click()
  await heading('Jobs')
  await kit.live()
}

/** Through the wizard, for the group of the fleet. */
async function createJob(jobId: string, things: number): Promise<void> {
  await goTo('Jobs')
  await link('Create job').click()
  await kit.page.getByLabel('Job ID').fill(jobId)
  await kit.page.getByRole('button', { name: /Thing groups/ }).click()
  await kit.page.getByRole('option', { name: /^muster-demo-[0-9a-f]+$/ }).click()
  await kit.page.keyboard.press('Escape')
  await kit.page.getByText(`These targets cover ${things} things`).waitFor()
  await button('Next').click()
  await heading('Job document')
  await write('Document', '{"operation":"install-firmware","version":"3.0.0"}')
  await button('Next').click()
  await kit.page.getByRole('img', { name: /Planned rollout over time/ }).waitFor()
  await button('Skip to review and create').click()
  await button('Create job').click()
  await heading(jobId)
}

/** Somebody means well, and denies one device what it has to publish. */
async function denyUpdatesOfTheDevice(): Promise<void> {
  const iot = new IoTClient({
    endpoint: demo.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const { policyDocument = '' } = await iot.send(new GetPolicyCommand({ policyName }))
  iot.destroy()
  const document = JSON.parse(policyDocument) as { readonly Statement: readonly object[] }
  const deny = {
    Effect: 'Deny',
    Action: 'iot:Publish',
    Resource: `arn:aws:iot:us-east-1:123456789012:topic/$aws/things/${device}/jobs/*`,
  }
  await goTo('Policies')
  await link(policyName).click()
  await link('Edit').click()
  await write(
    'Policy document',
    JSON.stringify({ ...document, Statement: [...document.Statement, deny] }),
  )
  await button('Save as new version').click()
  await kit.page.getByText(`Version 2 of policy ${policyName} was created.`).waitFor()
}

/** From the thing that is not updating to the denial, as somebody finds it who looks for the cause. */
async function readTheExplanation(): Promise<void> {
  await goTo('Things')
  await link(device).click()
  await kit.page.getByRole('status').getByText(`${device} was denied iot:Publish`).waitFor()
  await goTo('Denials')
  const causes = kit.page.getByRole('table', { name: 'Causes' })
  await causes.getByRole('link', { name: 'iot:Publish' }).first().click()
  await kit.page.getByRole('heading', { level: 1, name: /^Denial \d+$/ }).waitFor()
  await kit.page
    .getByRole('table', { name: `Deny of statement 5 of policy ${policyName}` })
    .waitFor()
}

async function applyTheFix(): Promise<void> {
  const title = 'Take the Deny of statement 5 back'
  await kit.page.getByRole('radio', { name: title, exact: true }).check()
  await button('Try it').click()
  await kit.page.getByRole('status').getByText('It would be allowed').waitFor()
  await button('Apply').click()
  const dialog = kit.page.getByRole('dialog', { name: `${title}?` })
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await dialog.waitFor({ state: 'detached' })
  await kit.page.getByText('The server decides now: Allowed').waitFor()
}

async function write(label: string, text: string): Promise<void> {
  const editor = kit.page.getByRole('textbox', { name: label })
  await editor.focus()
  await kit.page.keyboard.press('Control+A')
  await editor.fill(text)
}

async function goTo(name: string): Promise<void> {
  await kit.page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name, exact: true })
    .click()
  await heading(name)
}

async function heading(name: string): Promise<void> {
  await kit.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
}

function button(name: string): Locator {
  return kit.page.getByRole('button', { name, exact: true })
}

function link(name: string | RegExp): Locator {
  return kit.page.getByRole('link', { name, exact: true }).first()
}

function image(name: RegExp): Locator {
  return kit.page.getByRole('img', { name })
}
