/**
 * `muster load k6` as a shell runs it. A program written here plays k6's command line: it answers
 * `version` and `inspect`, and for `run` leaves the samples of a short run, as `--out json` does.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MAIN, muster, type Ended } from './muster-process.ts'

let folder: string
let server: TestServer

/** Keeps how each run was called, and what it trusted, beside itself. */
const K6 = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs')
const { gzipSync } = require('node:zlib')
const args = process.argv.slice(2)
if (args[0] === 'version') console.log('k6 v2.3.0 (commit/1, go1.26.0, linux/amd64)')
if (args[0] !== 'run') process.exit(0)
const { SSL_CERT_FILE } = process.env
const trusted = readFileSync(SSL_CERT_FILE, 'utf8').match(/BEGIN CERTIFICATE/g).length
appendFileSync(__dirname + '/calls', JSON.stringify({ args, trusted }) + '\\n')
const told = (type, metric, data) => JSON.stringify({ type, metric, data })
const point = (metric, value) => told('Point', metric, { time: new Date().toISOString(), value, tags: {} })
const lines = [
  told('Metric', 'muster_sent', { name: 'muster_sent', type: 'counter', contains: 'default' }),
  point('http_req_duration', 99), point('muster_sent', 1), point('muster_sent', 1),
  point('muster_allowed', 1), point('muster_denied_expected', 1), point('muster_lifecycles', 1),
  point('muster_answer_ms', 10), point('muster_answer_ms', args.join().includes('THING_NAME=lamp-1') ? 30 : 20),
]
const broken = args.includes('RATE=7')
if (broken) lines.push(point('dropped_iterations', 1))
writeFileSync(args[args.indexOf('--out') + 1].slice('json='.length), gzipSync(lines.join('\\n')))
if (broken) console.error('thresholds on metrics \\'dropped_iterations\\' have been crossed')
process.exit(broken ? 99 : 0)
`

beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'muster-load-k6-'))
  writeFileSync(join(folder, 'k6'), K6)
  chmodSync(join(folder, 'k6'), 0o755)
  const identities = join(folder, '.muster/devices/123456789012-us-east-1')
  mkdirSync(identities, { recursive: true })
  for (const name of ['lamp-0', 'lamp-1']) writeFileSync(join(identities, `${name}.pem`), '')
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.close()
})

it('starts a process for each device with its own certificate and tells what came of all', async () => {
  const flags = ['--devices', '2', '--denied-share', '0.5', '--env', 'TOPIC=a=b', '--json']
  const { code, stdout, stderr } = await loadK6('authorize-https', ...flags)
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    script: 'authorize-https',
    devices: 2,
    sent: 4,
    offered: 4,
    answered: 4,
    allowed: 2,
    deniedExpected: 2,
    notOffered: 0,
    lifecycles: 2,
    latencyMs: { p50: 10, p95: 30, p99: 30, max: 30 },
  })
  const called = calls().map(({ args }) => args)
  expect(called.map((args) => args.find((arg) => arg.startsWith('THING_NAME=')))).toEqual([
    'THING_NAME=lamp-0',
    'THING_NAME=lamp-1',
  ])
  for (const [index, args] of called.entries()) {
    expect(args.find((arg) => arg.startsWith('KEY_FILE='))).toMatch(
      new RegExp(`/devices/123456789012-us-east-1/lamp-${index}\\.pem$`),
    )
    expect(args).toEqual(
      expect.arrayContaining([
        `HTTPS_PORT=${server.httpsPort}`,
        `MQTT_PORT=${server.mqttPort}`,
        'DENIED_SHARE=0.5',
        'TOPIC=a=b',
        'PROFILE=smoke',
      ]),
    )
  }
  // Muster's authority, and the public ones that k6 needs to get an extension.
  expect(calls().every(({ trusted }) => trusted > 100)).toBe(true)
})

it('a threshold that breaks in one process is exit status 1, and what k6 said is shown', async () => {
  const { code, stdout, stderr } = await loadK6('jobs-https', '--devices', '1', '--rate', '7')
  expect(code).toBe(1)
  expect(stderr).toBe("lamp-0: thresholds on metrics 'dropped_iterations' have been crossed\n")
  expect(stdout).toMatch(/^offered +3: 2 sent, 1 not$/m)
  expect(stdout).toMatch(/^thresholds +broken in 1 of 1: lamp-0$/m)
})

it.each([
  [['jobs-http'], /^muster: no script `jobs-http`: expected authorize-https, /],
  [['jobs-https', '--k6', 'no-such-k6'], /^muster: k6 is not here: `no-such-k6` was not found\. /],
  [['jobs-https', '--devices', '3'], /^muster: 3 devices asked for, and .* has 2 identities: /],
  [['jobs-https', '--profile', 'fast'], /^muster: no profile `fast`: expected smoke, average, /],
  [['jobs-https', '--env', 'TOPIC'], /^muster: --env TOPIC: expected NAME=VALUE\n$/],
  [['jobs-https', '--denied-share', '2'], /expected a number from 0 to 1\n$/],
  [['jobs-https', '--rate', '0'], /expected a number above 0\n$/],
  [['jobs-https', '--shard', '2/2'], /expected i\/n with i from 0 to n-1\n$/],
])('a mistake is told in one line: %j', async (flags, said) => {
  const { code, stdout, stderr } = await loadK6(...(flags as [string, ...string[]]))
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(said)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

it('the line for CI of one’s own: a fresh server, its devices, and k6', async () => {
  const own = `'${process.execPath}' '${MAIN}'`
  const lines = `${own} onboard --devices 4 && ${own} load k6 jobs-https --devices 4 --json`
  const { code, stdout } = await muster(['exec', '--', 'sh', '-c', lines], { env: path() })
  expect(code).toBe(0)
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ ok: true, devices: 4 })
})

function loadK6(script: string, ...flags: string[]): Promise<Ended> {
  rmSync(join(folder, 'calls'), { force: true })
  const ports = ['--http-port', String(server.httpPort)]
  return muster(['load', 'k6', script, '--devices', '1', ...ports, ...flags], {
    cwd: folder,
    env: path(),
  })
}

/** The stand-in is the `k6` that is found. */
function path(): Record<string, string> {
  return { PATH: `${folder}${delimiter}${process.env['PATH']}` }
}

function calls(): { readonly args: readonly string[]; readonly trusted: number }[] {
  const lines = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
  return lines
    .map((line) => JSON.parse(line) as { args: string[]; trusted: number })
    .toSorted((a, b) => (a.args.join() < b.args.join() ? -1 : 1))
}
