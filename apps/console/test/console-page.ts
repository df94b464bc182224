/**
 * A page of a real browser for each test of a file, whoever serves it. A fault of the page, a breach of
 * its content security policy and a request to anybody else fail the test.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type Axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { openBrowser, type OpenBrowser } from './browser.ts'

/** Longest that a page may take to show what a test waits for. */
export const waitMs = 60_000

/** Longest that a test of several pages may take on a busy machine. */
const testMs = 240_000
/** Longest that building the console may take, which it does with low priority. */
export const setUpMs = 300_000

/** What tests do with their page; it is there from `beforeEach` on. */
export interface PageKit {
  /** A fresh page for each test. */
  readonly page: Page
  /** Waits until events arrive live. */
  live(): Promise<void>
  /** Expects axe to find nothing serious on the page as it stands, in light and in dark mode. */
  expectAccessible(): Promise<void>
  /** The same in the mode that it is in. */
  expectNoSeriousFindings(): Promise<void>
}

/**
 * Opens a browser for this test file, and a page for each of its tests.
 *
 * @param origins - whom a page may ask
 */
export function usePage(origins: () => readonly string[]): PageKit {
  vi.setConfig({ testTimeout: testMs })
  let opened: OpenBrowser
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    opened = await openBrowser()
  }, setUpMs)

  afterAll(async () => {
    await opened?.close()
  })

  beforeEach(async () => {
    page = await opened.browser.newPage({
      locale: 'en-GB',
      viewport: { width: 1366, height: 1000 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
    page.setDefaultTimeout(waitMs)
    faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text())
    })
    page.on('request', (request) => {
      const { origin } = new URL(request.url())
      if (!origins().includes(origin) && origin.startsWith('http')) {
        faults.push(`asked ${request.url()}`)
      }
    })
  })

  afterEach(async () => {
    await page.close()
    expect(faults).toEqual([])
  })

  return {
    get page() {
      return page
    },
    live: () =>
      page
        .getByRole('status', { name: 'Live updates' })
        .getByText('Live', { exact: true })
        .waitFor(),
    expectNoSeriousFindings: async () => expect(await seriousFindings(page)).toEqual([]),
    expectAccessible: async () => {
      for (const name of ['Dark mode', 'Light mode']) {
        expect(await seriousFindings(page)).toEqual([])
        // Not by the mouse: a dialog may lie over it.
        await page.getByRole('button', { name, exact: true }).first().dispatchEvent('click')
      }
    },
  }
}

const axeSource = readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What axe finds, rule by rule; less than serious is left out. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(await axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Pick<typeof Axe, 'run'> }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
  })
}
