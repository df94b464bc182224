/** What a start loads: what only some servers need waits until it is asked for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAIN, muster } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-modules-'))
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * Says in a file, as the process ends, which modules were loaded, Node's own among them. A pipe that is full
 * would lose the rest.
 */
const report = `data:text/javascript,${encodeURIComponent(`
  import { writeFileSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ resolve: (name, context, next) => {
    const found = next(name, context)
    urls.push(found.url)
    return found
  } })
  const { REPORT } = process.env
  process.on('exit', () => writeFileSync(REPORT, [...urls, ...process.moduleLoadList].join('\\n')))
  const up = process.env.LOADED
  if (up !== undefined) await import(up)
`)}`

/** What `muster --version` loads, and what is imported besides. */
async function loadedWith(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = join(folder, 'modules.txt')
  await muster(['--version'], { nodeFlags: ['--import', report], env: { ...env, REPORT: file } })
  return readFileSync(file, 'utf8')
}

describe('a start of `up`', () => {
  let loaded = ''
  beforeAll(async () => {
    const up = pathToFileURL(join(MAIN, '../serve/up.ts')).href
    loaded = await loadedWith({ LOADED: up, NODE_V8_COVERAGE: '' })
  })

  it('loads no SDK, X.509 library, NATS, PostgreSQL, pino and WebSockets', () => {
    expect(loaded).toContain('/apps/server/src/server.ts')
    const packages = [...loaded.matchAll(/\/node_modules\/((?:@[^/\s]+\/)?[^/.\s][^/\s]*)\/\S*$/gm)]
    const names = new Set(packages.map(([, name = '']) => name))
    expect(names).toContain('mqtt-packet')
    const unasked =
      /^(@aws-sdk\/client-.*|@peculiar\/.*|@nats-io\/.*|@opentelemetry\/.*|pg|pino|ws)$/
    expect([...names].filter((name) => unasked.test(name))).toEqual([])
  })

  it('loads Node’s HTTP server without its client', () => {
    expect(loaded).toContain('NativeModule _http_server')
    expect(loaded).not.toContain('undici')
    expect(loaded).not.toContain('NativeModule http2')
  })
})

it('a command loads no TypeScript compiler where its modules are cached', async () => {
  await loadedWith()
  const loaded = await loadedWith()
  expect(loaded).toContain('/apps/cli/src/main.js')
  expect(loaded).not.toContain('amaro')
})
