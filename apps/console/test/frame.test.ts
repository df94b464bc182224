/** The frame around every page: sign-in, navigation, titles, focus, clock, what is off. */
import { describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'

const kit = useConsole()

const links = [
  'Jobs',
  'Templates',
  'Packages',
  'OTA updates',
  'Things',
  'Groups',
  'Certificates',
  'Policies',
  'Role aliases',
  'Denials',
  'Audit',
  'Onboarding',
  'Simulator',
]

function navigation() {
  return kit.page.getByRole('navigation', { name: 'Pages' })
}

describe('the frame', () => {
  it('leads to every page, with a heading, a title, a path and the focus of its own', async () => {
    await kit.open('/')
    await kit.page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
    expect(new URL(kit.page.url()).pathname).toBe('/console/jobs')
    for (const name of links.toReversed()) {
      await navigation().getByRole('link', { name, exact: true }).click()
      const heading = kit.page.getByRole('heading', { level: 1, name })
      await heading.waitFor()
      await eventually(() => kit.page.title()).toBe(`${name} · Muster`)
      expect(await kit.page.getByRole('heading', { level: 1 }).count()).toBe(1)
      await eventually(() =>
        heading.evaluate((element) => element.contains(document.activeElement)),
      ).toBe(true)
      expect(new URL(kit.page.url()).pathname).toBe(
        `/console/${name.toLowerCase().replaceAll(' ', '-')}`,
      )
    }
    await kit.page.goBack()
    await kit.page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor()
    await kit.page.reload()
    await kit.page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor()
  })

  it('says so when a link leads nowhere', async () => {
    await kit.open('/nowhere')
    await kit.page.getByRole('heading', { level: 1, name: 'Nothing here' }).waitFor()
    await kit.page.getByRole('link', { name: 'Go to the jobs' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
  })

  it('gateway G129: signs out, tries keys before it says that they work, and keeps none', async () => {
    await kit.open('/things')
    await kit.page.getByRole('button', { name: 'Sign out' }).click()
    await kit.page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
    const key = kit.page.getByLabel('Access key ID')
    const secret = kit.page.getByLabel('Secret access key')
    const submit = kit.page.getByRole('button', { name: 'Sign in' })
    await submit.click()
    await kit.page.getByText('Enter the access key ID.').waitFor()
    await key.fill('nobody')
    await secret.fill('secret')
    await submit.click()
    await kit.page.getByRole('alert').getByText('UnrecognizedClientException').waitFor()
    await key.fill('test')
    await submit.click()
    await kit.page.getByRole('alert').getByText('InvalidSignatureException').waitFor()
    await secret.fill('test')
    await submit.click()
    await kit.page.getByRole('heading', { level: 1, name: 'Things' }).waitFor()
    const kept = await kit.page.evaluate(() =>
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    )
    expect(kept).not.toContain('test')
    // The local operator is known without a form; only who signed out is asked.
    await kit.page.reload()
    await kit.page.getByRole('heading', { level: 1, name: 'Things' }).waitFor()
    await kit.page.getByRole('button', { name: 'Sign out' }).click()
    await kit.page.reload()
    await kit.page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
  })

  it('works without a storage, where the browser blocks it', async () => {
    await kit.page.addInitScript(() => {
      for (const name of ['sessionStorage', 'localStorage']) {
        Object.defineProperty(globalThis, name, {
          get: () => {
            throw new DOMException('blocked', 'SecurityError')
          },
        })
      }
    })
    await kit.open('/things')
    await kit.page.getByRole('heading', { level: 1, name: 'Things' }).waitFor()
  })

  it('shows a virtual clock and moves it', async () => {
    await kit.open('/jobs')
    await kit.page.getByRole('button', { name: 'Clock: Virtual clock' }).first().click()
    const dialog = kit.page.getByRole('dialog', { name: 'Server clock' })
    const before = Number(Reflect.get(await clock(), 'nowMs'))
    await dialog.getByLabel('Amount').fill('3')
    await dialog.getByRole('button', { name: 'Advance clock' }).click()
    await eventually(async () => Number(Reflect.get(await clock(), 'nowMs'))).toBe(before + 180_000)
    await dialog.getByRole('button', { name: 'Close' }).first().click()
    await dialog.waitFor({ state: 'hidden' })
  })

  it('says what of the account is off and turns it on with one click', async () => {
    await kit.open('/jobs')
    await kit.live()
    await kit.page.getByText('Job events are off').waitFor()
    await kit.page.getByText('Fleet indexing is off').waitFor()
    await kit.page.getByRole('button', { name: 'Turn on' }).click()
    await kit.page.getByText('Job events are off').waitFor({ state: 'detached' })
  })

  it('is usable on a narrow screen', async () => {
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await kit.open('/policies')
    await kit.page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor()
    await kit.page.getByRole('button', { name: 'Open navigation' }).click()
    await navigation().getByRole('link', { name: 'Audit', exact: true }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
    const overflow = await kit.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
  })

  it('has no serious finding of axe, light and dark', async () => {
    await kit.open('/jobs')
    await kit.live()
    await kit.expectAccessible()
  })

  it('loads at most 1 MB at first', async () => {
    let bytes = 0
    const session = await kit.page.context().newCDPSession(kit.page)
    await session.send('Network.enable')
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
    await kit.open('/jobs')
    await kit.live()
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThanOrEqual(1_000_000)
  })
})

async function clock(): Promise<object> {
  return (await (await kit.server.admin('GET', 'clock')).json()) as object
}
