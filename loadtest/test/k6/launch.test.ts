/** `muster load k6` with a stand-in that plays k6's command line and really runs the scripts. */
import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { k6SummaryText, runK6, type K6Run, type K6Summary } from '../../k6/launch/index.ts'
import { Identities } from './k6-fixture.ts'

const THINGS = ['lamp-0', 'lamp-1', 'lamp-2']

/** Of a run that went as it should. */
const HELD = {
  ok: true,
  profile: 'smoke',
  k6: '2.3.0',
  devices: 3,
  notOffered: 0,
  deniedUnexpected: 0,
  allowedUnexpected: 0,
  errors: 0,
  timeouts: 0,
  broken: [],
  failed: [],
  interrupted: false,
}

/** Three requests a device in two seconds, which a busy machine offers too. */
const SLOWLY = { devices: 3, ratePerSecond: 2, durationSeconds: 2 }

let server: TestServer
let identities: Identities
let folder: string
let k6: string

beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  identities = new Identities(server)
  for (const thingName of THINGS) await identities.add(thingName)
  folder = mkdtempSync(join(tmpdir(), 'muster-stand-in-'))
  const program = join(import.meta.dirname, 'stand-in/stand-in-k6.ts')
  k6 = executable(
    'k6',
    `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${program}' "$@"`,
  )
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  identities.remove()
  await server.close()
})

describe('a run', () => {
  it('adds its devices up, each with its own certificate', async () => {
    const before = await deniedPrincipals()
    const summary = await run({ script: 'authorize-https', ...SLOWLY })
    // Three are due a device, the second of them forbidden.
    expect(summary).toMatchObject({ ...HELD, sent: 9, allowed: 6, deniedExpected: 3 })
    expect((await deniedPrincipals()).length - before.length).toBe(3)
    expect(k6SummaryText(summary)).toMatch(
      /^outcomes +6 allowed, 3 denied as meant, 0 denied unexpectedly/m,
    )
  })

  it('over MQTT takes the percentiles of all devices together', async () => {
    const summary = await run({ script: 'jobs-mqtt', ...SLOWLY })
    // The subscription is a request too.
    expect(summary).toMatchObject({ offered: 12, allowed: summary.sent, errors: 0, failed: [] })
    const { p50 = 0, p95 = 0, p99 = 0, max = 0 } = summary.latencyMs ?? {}
    expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => a - b))
    expect(k6SummaryText(summary)).toMatch(/^latency .*, of every device's samples$/m)
  })

  it('whose load was not offered fails, and says in which devices', async () => {
    const summary = await run({
      script: 'connect-storm-mqtt',
      devices: 2,
      ratePerSecond: 2000,
      durationSeconds: 0.3,
    })
    expect(summary.ok).toBe(false)
    expect(summary.notOffered).toBeGreaterThan(0)
    expect(summary.offered).toBe(summary.sent + summary.notOffered)
    expect(summary.broken).toEqual(THINGS.slice(0, 2))
    expect(k6SummaryText(summary)).toContain('broken in 2 of 2: lamp-0, lamp-1')
  })

  it('in which nothing was answered fails', async () => {
    const summary = await run({ script: 'jobs-https', devices: 1, env: { HTTPS_PORT: '1' } })
    expect(summary).toMatchObject({ ok: false, answered: 0, allowed: 0 })
    expect(summary.errors).toBe(summary.sent)
  })

  it('that is interrupted tells how far it came', async () => {
    const stop = new AbortController()
    const running = run({
      script: 'jobs-mqtt',
      devices: 2,
      durationSeconds: 600,
      signal: stop.signal,
    })
    await vi.waitFor(async () => expect(await connectedPrincipals()).toBe(2))
    stop.abort()
    const summary = await running
    expect(summary).toMatchObject({ ok: false, interrupted: true, devices: 2, failed: [] })
    expect(summary.sent).toBeGreaterThan(0)
  })

  it('of a process that dies counts the rest and names it', async () => {
    const dying = executable(
      'dying-k6',
      `case "$1 $*" in "run "*lamp-1.pem*) exit 137;; esac; exec '${k6}' "$@"`,
    )
    const summary = await run({ script: 'authorize-https', devices: 2, k6: dying })
    expect(summary.ok).toBe(false)
    expect(summary.failed).toEqual(['lamp-1: status 137, samples cut off'])
    expect(summary.allowed).toBeGreaterThan(0)
  })

  it('of a process that cannot be started names it', async () => {
    const gone = executable('gone-k6', `[ "$1" = inspect ] && rm "$0"; exec '${k6}' "$@"`)
    const summary = await run({ devices: 1, k6: gone })
    expect(summary).toMatchObject({ ok: false, failed: ['lamp-0: status 127, samples cut off'] })
  })

  it('of a script of one’s own is judged by its own thresholds alone', async () => {
    const script = join(folder, 'own.ts')
    writeFileSync(
      script,
      `import http from 'k6/http'
       export const options = {
         tlsAuth: [{ cert: open(__ENV.CERTIFICATE_FILE), key: open(__ENV.KEY_FILE) }],
         scenarios: { one: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10s' } },
         thresholds: { http_reqs: ['count<=' + __ENV.MOST] },
       }
       export default function () {
         http.request('GET', 'https://' + __ENV.HOST + ':' + __ENV.HTTPS_PORT + '/things/lamp-0/jobs', null)
       }`,
    )
    expect(await run({ script, devices: 1, env: { MOST: '1' } })).toMatchObject({
      ok: true,
      sent: 0,
    })
    expect(await run({ script, devices: 1, env: { MOST: '0' } })).toMatchObject({
      ok: false,
      broken: ['lamp-0'],
    })
  })
})

describe('what is missing is said before anything starts:', () => {
  it('the script', async () => {
    await expect(run({ script: 'jobs-http' })).rejects.toThrow(
      'no script `jobs-http`: expected authorize-https, authorize-mqtt, connect-storm-https, ' +
        'connect-storm-mqtt, jobs-https, jobs-mqtt, telemetry-https, telemetry-mqtt, or a file for k6 of your own',
    )
  })

  it('the profile', async () => {
    await expect(run({ profile: 'fast' })).rejects.toThrow(
      'no profile `fast`: expected smoke, average, stress, spike, soak',
    )
  })

  it('identities', async () => {
    await expect(run({ devices: 4 })).rejects.toThrow(
      `4 devices asked for, and ${identities.folder} has 3 identities: each device needs its own key and certificate (\`muster onboard --devices N\`)`,
    )
    await expect(run({ devices: 2, shard: { index: 1, count: 2 } })).rejects.toThrow(
      '2 devices asked for, and ' + identities.folder + ' has 1 identities for shard 1/2',
    )
    await expect(run({ folder: join(folder, 'nowhere') })).rejects.toThrow(
      'cannot be read (ENOENT): expected a folder of keys and certificates (`muster onboard`)',
    )
  })

  it('which account, where a folder holds devices of several', async () => {
    const several = join(folder, 'devices')
    for (const account of ['1-us-east-1', '2-us-east-1'])
      mkdirSync(join(several, account), { recursive: true })
    onTestFinished(() => rmSync(several, { recursive: true }))
    await expect(run({ folder: several })).rejects.toThrow(
      `holds the devices of several accounts: say which with --identities ${join(several, '1-us-east-1')} or`,
    )
  })

  it('devices of a fleet, where `muster device create` made one beside them', async () => {
    const beside = join(folder, 'beside')
    mkdirSync(join(beside, 'lamp'), { recursive: true })
    onTestFinished(() => rmSync(beside, { recursive: true }))
    for (const file of ['ca.pem', 'device.key', 'device.pem'])
      writeFileSync(join(beside, 'lamp', file), '')
    await expect(run({ folder: beside, devices: 1 })).rejects.toThrow(
      `1 devices asked for, and ${beside} has 0 identities`,
    )
    mkdirSync(join(beside, '1-us-east-1'))
    await expect(run({ folder: beside, devices: 1 })).rejects.toThrow(
      `1 devices asked for, and ${join(beside, '1-us-east-1')} has 0 identities`,
    )
  })

  it('k6', async () => {
    await expect(run({ k6: 'no-such-k6' })).rejects.toThrow(
      'k6 is not here: `no-such-k6` was not found. install it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or name it with --k6 PATH',
    )
  })

  it.each([
    [
      'k6 v1.1.9 (commit/1, go1.24.0, linux/amd64)',
      'is k6 1.1.9, too old: expected 1.2.0 or newer',
    ],
    ['k6 v0.57.0 (go1.22.0, linux/amd64)', 'is k6 0.57.0, too old: expected 1.2.0 or newer'],
    ['something else', 'version` said `something else`: expected `k6 v1.2.0` or newer'],
  ])('a k6 new enough: %s', async (version, said) => {
    await expect(run({ k6: k6Saying(version) })).rejects.toThrow(said)
  })

  const built = (module: string, version: string): string =>
    `k6 v2.3.0 (commit/1, go1.26.0, linux/amd64)\nExtensions:\n  ${module} ${version}, k6/x/mqtt [js]`
  const line =
    'build one: `xk6 build --with github.com/grafana/xk6-mqtt@latest --output k6-mqtt`, and pass it with --k6 ./k6-mqtt'

  it.each([
    [
      built('github.com/pmalhaire/xk6-mqtt', 'v0.50.0'),
      "is github.com/pmalhaire/xk6-mqtt: expected github.com/grafana/xk6-mqtt, Grafana's own",
    ],
    [built('github.com/grafana/xk6-mqtt', 'v0.1.1'), 'is 0.1.1, too old: expected 0.2.0 or newer'],
  ])('the right MQTT extension: %s', async (version, said) => {
    const running = run({ script: 'jobs-mqtt', k6: k6Saying(version) })
    await expect(running).rejects.toThrow(said)
    await expect(running).rejects.toThrow(line)
  })

  it('any MQTT extension, where k6 may not get one', async () => {
    vi.stubEnv('K6_AUTO_EXTENSION_RESOLUTION', 'false')
    onTestFinished(() => void vi.unstubAllEnvs())
    const bare = k6Saying('k6 v2.3.0 (commit/1, go1.26.0, linux/amd64)')
    const running = run({ script: 'jobs-mqtt', k6: bare })
    await expect(running).rejects.toThrow(
      'has no MQTT extension (k6/x/mqtt), and K6_AUTO_EXTENSION_RESOLUTION=false keeps it from getting it',
    )
    await expect(running).rejects.toThrow(line)
    // HTTPS needs none.
    expect(await run({ script: 'jobs-https', k6: bare })).toMatchObject({ failed: [], errors: 0 })
  })

  it('nothing, where k6 gets the extension by itself; that it does is said', async () => {
    const said: string[] = []
    const bare = k6Saying('k6 v2.3.0 (commit/1, go1.26.0, linux/amd64)')
    const log = (text: string): void => void said.push(text)
    expect(await run({ script: 'connect-storm-mqtt', k6: bare, log })).toMatchObject({ failed: [] })
    expect(said.slice(0, 1)).toEqual([
      `${bare} has no k6/x/mqtt built in: k6 gets it from Grafana's build service`,
    ])
  })

  it('what k6 says of a script that it cannot load', async () => {
    const script = join(folder, 'broken.ts')
    writeFileSync(script, `import 'k6/x/mqtt'\nthrow new Error('of no use')`)
    await expect(run({ script })).rejects.toThrow(/cannot load broken\.ts: .*of no use/)
    const without = executable(
      'without',
      `echo 'unknown module: k6/x/mqtt' >&2; [ "$1" = version ] && echo k6 v2.0.0`,
    )
    await expect(run({ script: 'jobs-mqtt', k6: without })).rejects.toThrow(
      'unknown module: k6/x/mqtt\nto build the extension in: `xk6 build --with github.com/grafana/xk6-mqtt@latest --output k6-mqtt`',
    )
  })
})

/** Runs for a second at ten requests a second, the half of them forbidden, unless told else. */
function run(more: Partial<K6Run>): Promise<K6Summary> {
  return runK6({
    script: 'jobs-https',
    k6,
    folder: identities.folder,
    devices: 1,
    shard: { index: 0, count: 1 },
    endpoint: async () => ({
      host: 'localhost',
      mqttPort: server.mqttPort,
      httpsPort: server.httpsPort,
      caPem: server.caPem,
    }),
    profile: 'smoke',
    ratePerSecond: 10,
    durationSeconds: 1,
    ...more,
    // How fast the answers are is no matter of these tests.
    env: { DENIED_SHARE: '0.5', P95_MS: '10000', P99_MS: '10000', ...more.env },
  })
}

function executable(name: string, body: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${body}\n`)
  chmodSync(file, 0o755)
  return file
}

/** The stand-in, of another version. */
function k6Saying(version: string): string {
  return executable(`k6-saying-${names++}`, `STAND_IN_VERSION='${version}' exec '${k6}' "$@"`)
}

let names = 0

/** Who was denied something over HTTPS. */
async function deniedPrincipals(): Promise<string[]> {
  const page = (await (await server.admin('GET', 'decisions?effect=deny&limit=1000')).json()) as {
    readonly decisions: readonly { readonly action: string; readonly principal?: unknown }[]
  }
  const denied = page.decisions.filter(({ action }) => action.startsWith('iotjobsdata:'))
  return [...new Set(denied.map(({ principal }) => JSON.stringify(principal)))]
}

/** Certificates that have a connection. */
async function connectedPrincipals(): Promise<number> {
  const text = await (await server.admin('GET', 'metrics')).text()
  return Number(/^muster_distinct_principals (\d+)$/m.exec(text)?.[1])
}
