/** What a start loads: what only some servers need waits until it is asked for. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { MAIN, muster } from './muster-process.ts'

/** Says on stderr, as the process ends, which modules were loaded, Node's own among them. */
const report = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ resolve: (name, context, next) => {
    const found = next(name, context)
    urls.push(found.url)
    return found
  } })
  process.on('exit', () => process.stderr.write([...urls, ...process.moduleLoadList].join('\\n')))
  const up = process.env.LOADED
  if (up !== undefined) await import(up)
`)}`

describe('a start of `up`', () => {
  let loaded = ''
  beforeAll(async () => {
    const up = pathToFileURL(join(MAIN, '../serve/up.ts')).href
    const env = { LOADED: up, NODE_V8_COVERAGE: '' }
    loaded = (await muster(['--version'], { nodeFlags: ['--import', report], env })).stderr
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
  const nodeFlags = ['--import', report]
  await muster(['--version'], { nodeFlags })
  const { stderr } = await muster(['--version'], { nodeFlags })
  expect(stderr).toContain('/apps/cli/src/main.js')
  expect(stderr).not.toContain('amaro')
})
