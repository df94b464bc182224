/** What the pictures show: each page once, with what has to be there before it is taken. */
import type { Page } from 'playwright-core'
import { deniedDevice, fleetSize, rollingJob, type Account } from './account.ts'

/** A picture. */
export interface Scene {
  /** Its file is `NAME.light.png` and `NAME.dark.png`. */
  readonly name: string
  /** Below `/console/`. */
  readonly path: string
  /** What is done and waited for beyond the page's heading. */
  readonly ready?: (page: Page) => Promise<void>
}

/** Every scene, in the order of the story: the rollout first, while it moves. */
export function scenesOf({ certificateId, authorityId }: Account): readonly Scene[] {
  return [
    { name: 'job', path: `jobs/${rollingJob}`, ready: rollout },
    { name: 'simulator', path: 'simulator', ready: ratesOverTime },
    { name: 'jobs', path: 'jobs', ready: rowWith('rotate-logs') },
    { name: 'create-job', path: 'create-job', ready: plannedRollout },
    { name: 'templates', path: 'templates', ready: rowWith('careful-firmware') },
    { name: 'template', path: 'templates/careful-firmware' },
    { name: 'things', path: 'things', ready: rowWith('muster-demo-00000') },
    { name: 'thing', path: `things/${deniedDevice}`, ready: verdict },
    { name: 'groups', path: 'groups?open=plants', ready: rowWith('hamburg') },
    { name: 'group', path: 'groups/hamburg', ready: rowWith('muster-demo-00000') },
    { name: 'onboarding', path: 'onboarding' },
    { name: 'onboarding-device', path: 'onboarding/device' },
    { name: 'onboarding-claim', path: 'onboarding/claim' },
    { name: 'onboarding-template', path: 'onboarding/templates/assembly-line' },
    { name: 'certificates', path: 'certificates', ready: rowWith('muster-demo-') },
    { name: 'certificate', path: `certificates/${certificateId}` },
    { name: 'rotate', path: `certificates/${certificateId}/rotate` },
    { name: 'register-authority', path: 'certificates/register-authority' },
    { name: 'authority', path: `certificates/authorities/${authorityId}` },
    { name: 'policies', path: 'policies', ready: rowWith('muster-demo-device') },
    { name: 'policy', path: 'policies/muster-demo-device' },
    { name: 'edit-policy', path: 'policies/muster-demo-device/edit', ready: editor },
    { name: 'create-policy', path: 'create-policy', ready: editor },
    { name: 'denials', path: 'denials', ready: rowWith('iot:Publish') },
    { name: 'denial', path: 'denials', ready: denial },
    { name: 'audit', path: 'audit', ready: rowWith('workbench') },
    { name: 'create-template', path: 'onboarding/create-template' },
  ]
}

function rowWith(text: string): (page: Page) => Promise<void> {
  return (page) => page.getByRole('row').filter({ hasText: text }).first().waitFor()
}

/** Half of it done, so that the curve has something to show. */
async function rollout(page: Page): Promise<void> {
  const half = new RegExp(`^(9[5-9]|1[0-2]\\d) of ${fleetSize} done`)
  await page.getByRole('img', { name: half }).waitFor({ timeout: 180_000 })
}

/** Its curve begins when the page opens: half a minute of it. */
async function ratesOverTime(page: Page): Promise<void> {
  await rowWith('succeed')(page)
  await page.waitForTimeout(30_000)
}

/** The wizard at its third step, where the rollout is drawn before it is created. */
async function plannedRollout(page: Page): Promise<void> {
  const next = page.getByRole('button', { name: 'Next', exact: true })
  await page.getByLabel('Job ID').fill('firmware-2-2')
  await page.getByRole('button', { name: /Thing groups/ }).click()
  await page.getByRole('option', { name: /^muster-demo-[0-9a-f]+$/ }).click()
  await page.keyboard.press('Escape')
  await page.getByText(`These targets cover ${fleetSize} things`).waitFor()
  await next.click()
  const document = page.getByRole('textbox', { name: 'Document' })
  await document.focus()
  await page.keyboard.press('Control+A')
  await document.fill('{"operation":"install-firmware","version":"2.2.0"}')
  await next.click()
  await page.getByRole('img', { name: /Planned rollout over time/ }).scrollIntoViewIfNeeded()
}

async function verdict(page: Page): Promise<void> {
  await page.getByRole('status').getByText(`${deniedDevice} was denied`).waitFor()
}

async function editor(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Policy document' }).waitFor()
}

async function denial(page: Page): Promise<void> {
  const causes = page.getByRole('table', { name: 'Causes' })
  await causes.getByRole('link', { name: 'iot:Publish' }).first().click()
  await page.getByRole('heading', { name: 'What would allow it' }).waitFor()
}
