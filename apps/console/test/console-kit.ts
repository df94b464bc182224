/**
 * The console in a real browser against a real server, for the tests of its pages. Nothing is
 * intercepted: the page signs its own requests and holds its own MQTT connection. Things are found
 * by role and label, as an operator finds them; nothing sleeps, everything waits for what it expects.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import type Axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { buildConsole } from '../build.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'

/** Longest that a page may take to show what a test waits for. */
export const waitMs = 20_000

/** Longest that a test of several pages may take on a busy machine. */
const testMs = 240_000
/** Longest that building the console may take, which it does with low priority. */
const setUpMs = 300_000

/** Waits until what `read` answers is as the matcher wants: `eventually(() => rows.count()).toBe(5)`. */
export function eventually<Value>(
  read: () => Value | Promise<Value>,
): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: waitMs })
}

/** What a test file works with; its members are there from `beforeEach` on. */
export interface ConsoleKit {
  readonly server: TestServer
  /** A fresh page for each test. */
  readonly page: Page
  /** Opens a path below `/console`: `open('/jobs')`. */
  open(path: string): Promise<void>
  /** Waits until events arrive live. */
  live(): Promise<void>
  /** Expects axe to find nothing serious on the page as it stands, in light and in dark mode. */
  expectAccessible(): Promise<void>
}

interface Options {
  readonly server?: Parameters<typeof startTestServer>[0]
  /** Other origins that the page is to call. */
  readonly otherOrigins?: () => readonly string[]
  /** Fills the account, once for the file. */
  readonly prepare?: (server: TestServer) => Promise<void>
}

/** Sets up a server and a browser for this test file, and a page for each of its tests. */
export function useConsole(options: Options = {}): ConsoleKit {
  vi.setConfig({ testTimeout: testMs })
  let server: TestServer
  let opened: OpenBrowser
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    const dist = await buildConsole()
    opened = await openBrowser()
    server = await startTestServer({
      consoleDist: () => dist,
      region: 'eu-west-1',
      ...options.server,
    })
    await options.prepare?.(server)
  }, setUpMs)

  afterAll(async () => {
    await opened?.close()
    await server?.close()
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
      const known = [server.httpUrl, ...(options.otherOrigins?.() ?? [])]
      if (!known.includes(origin) && origin.startsWith('http')) {
        faults.push(`asked ${request.url()}`)
      }
    })
  })

  afterEach(async () => {
    await page.close()
    expect(faults).toEqual([])
  })

  return {
    get server() {
      return server
    },
    get page() {
      return page
    },
    open: async (path) => {
      await page.goto(`${server.httpUrl}/console${path}`)
    },
    live: () =>
      page
        .getByRole('status', { name: 'Live updates' })
        .getByText('Live', { exact: true })
        .waitFor(),
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
