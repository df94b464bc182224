/**
 * Each script, in an engine without Node's globals and under stand-ins of k6's modules, against a real
 * server over mutual TLS.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateJobCommand, DescribeJobCommand } from '@aws-sdk/client-iot'
import { DeleteConnectionCommand } from '@aws-sdk/client-iot-data-plane'
import { OPEN_POLICY, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { METRICS } from '../../k6/scripts/parts/metric-names.ts'
import { Identities, play, SCRIPTS } from './k6-fixture.ts'
import { runScript, type ScriptRun } from './stand-in/run-script.ts'
import { Samples } from './stand-in/samples.ts'

/** What a run of a second at ten requests a second has due: a ramp of 0.2 s, then the rate. */
const DUE = 9

let server: TestServer
let identities: Identities

beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  identities = new Identities(server)
})

afterAll(async () => {
  identities.remove()
  await server.close()
})

const DENIED_ACTIONS = {
  mqtt: ['iot:Publish', 'iot:Subscribe'],
  https: ['iotjobsdata:DescribeJobExecution', 'iotjobsdata:GetPendingJobExecutions'],
} as const

describe.each(['mqtt', 'https'] as const)('authorize over %s', (path) => {
  it('counts the decisions by outcome, and denials that are meant are no failures', async () => {
    const thingName = `decided-${path}`
    await identities.add(thingName)
    const before = await deniedByAction()
    const run = await play(server, identities, {
      script: `authorize-${path}`,
      thingName,
      env: { DENIED_SHARE: '0.5' },
    })
    expect(accounted(run)).toBe(DUE)
    expect(run.samples.sum(METRICS.allowed)).toBe(5)
    expect(run.samples.sum(METRICS.deniedExpected)).toBe(4)
    expect(failures(run)).toEqual({})
    const after = await deniedByAction()
    const denied = DENIED_ACTIONS[path].map(
      (action) => (after.get(action) ?? 0) - (before.get(action) ?? 0),
    )
    expect(denied.reduce((sum, count) => sum + count, 0)).toBe(
      run.samples.sum(METRICS.deniedExpected),
    )
  })

  it('a forbidden request that is allowed breaks a threshold', async () => {
    const thingName = `too-much-${path}`
    await identities.add(thingName, OPEN_POLICY)
    const run = await play(server, identities, {
      script: `authorize-${path}`,
      thingName,
      env: { DENIED_SHARE: '1' },
    })
    expect(run.samples.sum(METRICS.allowedUnexpected)).toBeGreaterThan(0)
    expect(run.samples.sum(METRICS.allowedUnexpected)).toBe(run.samples.sum(METRICS.sent))
    expect(run.broken).toContain('muster_allowed_unexpected: count<=0')
    expect(run.broken).toContain('muster_failed: rate<=0')
  })

  it('an allowed request that is denied breaks a threshold', async () => {
    const thingName = `too-little-${path}`
    await identities.add(thingName, CONNECT_ONLY)
    const run = await play(server, identities, {
      script: `authorize-${path}`,
      thingName,
      env: { DENIED_SHARE: '0' },
    })
    expect(run.samples.sum(METRICS.deniedUnexpected)).toBe(run.samples.sum(METRICS.sent))
    expect(run.broken).toContain('muster_denied_unexpected: count<=0')
  })
})

describe.each(['mqtt', 'https'])('connect storm over %s', (path) => {
  it('every iteration is a connection of its own', async () => {
    const thingName = `coming-${path}`
    await identities.add(thingName)
    const before = await handshakes()
    const run = await play(server, identities, { script: `connect-storm-${path}`, thingName })
    expect(accounted(run)).toBe(DUE)
    expect(failures(run)).toEqual({})
    expect(run.samples.sum(METRICS.allowed)).toBe(DUE)
    expect((await handshakes()) - before).toBe(run.samples.sum(METRICS.allowed))
  })
})

it('a connection that cannot begin at its time is dropped, and breaks a threshold', async () => {
  await identities.add('hurried')
  const run = await play(server, identities, {
    script: 'connect-storm-mqtt',
    thingName: 'hurried',
    env: { RATE: '2000', DURATION_SECONDS: '0.5' },
    waitsForUsers: false,
  })
  expect(run.samples.sum('dropped_iterations')).toBeGreaterThan(0)
  expect(run.broken).toContain('dropped_iterations: count<=0')
})

it('a connection that is refused is an error', async () => {
  await identities.add('refused', undefined)
  const run = await play(server, identities, {
    script: 'connect-storm-mqtt',
    thingName: 'refused',
    env: { THING_NAME: 'somebody-else' },
  })
  expect(run.samples.sum(METRICS.errors)).toBe(run.samples.sum(METRICS.sent))
  expect(run.broken).toContain('muster_failed: rate<=0')
})

describe.each(['mqtt', 'https'])('jobs over %s', (path) => {
  it('takes the jobs that there are from QUEUED to SUCCEEDED, and asks at its pace', async () => {
    const thingName = `worker-${path}`
    await identities.add(thingName)
    const jobs = ['a', 'b', 'c'].map((name) => `${thingName}-${name}`)
    for (const jobId of jobs) await createJob(jobId, thingName)
    const run = await play(server, identities, {
      script: `jobs-${path}`,
      thingName,
      env: { DURATION_SECONDS: '2' },
    })
    expect(failures(run)).toEqual({})
    expect(accounted(run)).toBeGreaterThan(DUE)
    const done = (await Promise.all(jobs.map(succeeded))).reduce((sum, count) => sum + count, 0)
    expect(done).toBeGreaterThan(0)
    expect(run.samples.sum(METRICS.lifecycles)).toBe(done)
    expect(run.samples.values(METRICS.lifecycleMs)).toHaveLength(done)
  })
})

describe('telemetry, with the policy of the README', () => {
  it('over MQTT every message comes back', async () => {
    await identities.add('thermometer', readmePolicy())
    const run = await play(server, identities, {
      script: 'telemetry-mqtt',
      thingName: 'thermometer',
    })
    expect(failures(run)).toEqual({})
    // The subscription is a request too.
    expect(accounted(run)).toBe(DUE + 1)
    expect(run.samples.sum(METRICS.delivered)).toBe(run.samples.sum(METRICS.allowed) - 1)
  })

  it('over HTTPS every message is taken', async () => {
    await identities.add('barometer', readmePolicy())
    const run = await play(server, identities, {
      script: 'telemetry-https',
      thingName: 'barometer',
    })
    expect(failures(run)).toEqual({})
    expect(accounted(run)).toBe(DUE)
  })
})

describe('a held connection', () => {
  it('that is lost counts what it could not send, and what was never answered', async () => {
    const other = await startTestServer({ clock: 'system' })
    const folder = new Identities(other)
    onTestFinished(async () => {
      folder.remove()
      await other.close()
    })
    await folder.add('left-alone')
    const samples = new Samples()
    const answered = samples.next(METRICS.allowed)
    const playing = play(other, folder, {
      script: 'jobs-mqtt',
      thingName: 'left-alone',
      env: { DURATION_SECONDS: '3' },
      samples,
    })
    await answered
    await other.stop()
    const run = await playing
    expect(run.samples.sum(METRICS.notOffered)).toBeGreaterThan(0)
    expect(run.broken).toContain('muster_not_offered: count<=0')
    expect(accounted(run)).toBeGreaterThan(DUE)
  })

  it('that comes back subscribes again and goes on', async () => {
    await identities.add('kicked', readmePolicy())
    const samples = new Samples()
    const first = samples.next(METRICS.delivered)
    const playing = play(server, identities, {
      script: 'telemetry-mqtt',
      thingName: 'kicked',
      env: { DURATION_SECONDS: '2' },
      samples,
    })
    await first
    await server.iotData.send(new DeleteConnectionCommand({ clientId: 'kicked' }))
    const again = samples.next(METRICS.delivered)
    await again
    const run = await playing
    expect(run.samples.sum(METRICS.deniedUnexpected)).toBe(0)
    // Two subscriptions, and every message that is due.
    expect(accounted(run)).toBe(18 + 2)
  })

  it('whose subscription is denied is left at once, and has offered nothing', async () => {
    await identities.add('mute', CONNECT_ONLY)
    const run = await play(server, identities, { script: 'telemetry-mqtt', thingName: 'mute' })
    expect(run.samples.sum(METRICS.deniedUnexpected) + run.samples.sum(METRICS.errors)).toBe(1)
    expect(run.samples.sum(METRICS.notOffered)).toBe(DUE)
  })

  it('that there never was has offered nothing', async () => {
    await identities.add('nowhere', undefined)
    const run = await play(server, identities, {
      script: 'jobs-mqtt',
      thingName: 'nowhere',
      env: { THING_NAME: 'somebody-else' },
    })
    expect(run.samples.sum(METRICS.errors)).toBe(1)
    expect(run.samples.sum(METRICS.notOffered)).toBe(DUE)
  })
})

describe('the engine', () => {
  it('has none of Node’s globals', async () => {
    expect(await seenBy("['process', 'Buffer', 'require', 'fetch', 'setTimeout']")).toEqual([])
    expect(await seenBy("['JSON', 'open']")).toEqual(['JSON', 'open'])
  })

  it('cannot load a script for MQTT without the extension', async () => {
    const script = join(SCRIPTS, 'jobs-mqtt.ts')
    const env = { THING_NAME: 't', KEY_FILE: import.meta.filename }
    await expect(runScript({ script, env, caPem: '', hasMqtt: false })).rejects.toThrow('k6/x/mqtt')
  })
})

/** Requests that were due: sent with an outcome each, not offered, or dropped with their iteration. */
function accounted({ samples, uncaught }: ScriptRun): number {
  expect(uncaught).toEqual([])
  const outcomes = [METRICS.allowed, METRICS.deniedExpected, ...FAILURES]
  const ended = outcomes.reduce((sum, metric) => sum + samples.sum(metric), 0)
  expect(ended).toBe(samples.sum(METRICS.sent))
  return ended + samples.sum(METRICS.notOffered) + samples.sum('dropped_iterations')
}

const FAILURES = [
  METRICS.deniedUnexpected,
  METRICS.allowedUnexpected,
  METRICS.throttled,
  METRICS.errors,
  METRICS.timeouts,
]

function failures({ samples }: ScriptRun): Record<string, number> {
  const counts = FAILURES.map((metric) => [metric, samples.sum(metric)] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

const CONNECT_ONLY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }],
})

/** The document in the README, for the account of the test. */
function readmePolicy(): string {
  const page = readFileSync(join(SCRIPTS, '../README.md'), 'utf8')
  const found = /```json\n(\{\n {2}"Version"[\s\S]*?)```/.exec(page)?.[1]
  expect(found).toBeDefined()
  return found ?? ''
}

/** How many requests the server has denied, by action. */
async function deniedByAction(): Promise<ReadonlyMap<string, number>> {
  const text = await (await server.admin('GET', 'metrics')).text()
  const lines = text.matchAll(/^muster_denied_total\{action="([^"]+)"\S* (\d+)$/gm)
  const counts = new Map<string, number>()
  for (const [, action = '', count] of lines) {
    counts.set(action, (counts.get(action) ?? 0) + Number(count))
  }
  return counts
}

async function handshakes(): Promise<number> {
  const text = await (await server.admin('GET', 'metrics')).text()
  return [...text.matchAll(/^muster_tls_handshakes\S* (\d+)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}

async function createJob(jobId: string, thingName: string): Promise<void> {
  const targets = [`arn:aws:iot:us-east-1:123456789012:thing/${thingName}`]
  await server.iot.send(
    new CreateJobCommand({ jobId, targets, document: '{"operation":"reboot"}' }),
  )
}

async function succeeded(jobId: string): Promise<number> {
  const { job } = await server.iot.send(new DescribeJobCommand({ jobId }))
  return job?.jobProcessDetails?.numberOfSucceededThings ?? 0
}

/** Which of some names a script finds among its globals. */
async function seenBy(names: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-globals-'))
  try {
    const script = join(folder, 'globals.ts')
    writeFileSync(
      script,
      `import { Counter } from 'k6/metrics'
       for (const name of ${names}) if (name in globalThis) new Counter(name).add(1)
       export const options = {}`,
    )
    const { samples } = await runScript({ script, env: {}, caPem: '', hasMqtt: false })
    return ['process', 'Buffer', 'require', 'fetch', 'setTimeout', 'JSON', 'open'].filter(
      (name) => samples.sum(name) > 0,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
