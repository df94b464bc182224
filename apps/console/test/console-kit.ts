/**
 * The console in a real browser against a real server, for the tests of its pages. Nothing is
 * intercepted: the page signs its own requests and holds its own MQTT connection. Things are found
 * by role and label, as an operator finds them; nothing sleeps, everything waits for what it expects.
 */
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect } from 'vitest'
import { buildConsole } from '../build.ts'
import { setUpMs, usePage, waitMs, type PageKit } from './console-page.ts'

/** Waits until what `read` answers is as the matcher wants: `eventually(() => rows.count()).toBe(5)`. */
export function eventually<Value>(
  read: () => Value | Promise<Value>,
): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(read, { timeout: waitMs })
}

/** What a test file works with; its members are there from `beforeEach` on. */
export interface ConsoleKit extends PageKit {
  readonly server: TestServer
  /** Opens a path below `/console`: `open('/jobs')`. */
  open(path: string): Promise<void>
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
  let server: TestServer

  beforeAll(async () => {
    const dist = await buildConsole()
    server = await startTestServer({
      consoleDist: () => dist,
      region: 'eu-west-1',
      ...options.server,
    })
    await options.prepare?.(server)
  }, setUpMs)

  afterAll(async () => {
    await server?.close()
  })

  // After the server's: what is set up last is taken down first.
  const pages = usePage(() => [server.httpUrl, ...(options.otherOrigins?.() ?? [])])

  return {
    get server() {
      return server
    },
    get page() {
      return pages.page
    },
    live: pages.live,
    expectAccessible: pages.expectAccessible,
    expectNoSeriousFindings: pages.expectNoSeriousFindings,
    open: async (path) => {
      await pages.page.goto(`${server.httpUrl}/console${path}`)
    },
  }
}
