/** A fleet that is steered while it runs, against a real server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateJobCommand,
  DescribeJobCommand,
  DescribeThingGroupCommand,
} from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import {
  answerSimulator,
  Simulator,
  type Scenario,
  type SimulatorReply,
  type SimulatorState,
} from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

const quick = { firstSeconds: 0.05, maxSeconds: 0.2 }
const scenario: Scenario = {
  name: 'steered',
  devices: 6,
  groups: [
    {
      name: 'mqtt',
      share: 0.5,
      connection: { retry: quick, reconnect: quick },
      jobs: [{ behaviour: 'succeed', durationSeconds: 0.1 }],
    },
    {
      name: 'https',
      share: 0.5,
      connection: { protocol: 'https', pollSeconds: 0.2 },
      jobs: [{ behaviour: 'succeed', durationSeconds: 0.1 }],
    },
  ],
  phases: [{ connect: {} }],
}

/** On a busy machine a fleet takes its time. */
const slow = { timeout: 120_000 }

let server: TestServer
let folder: string
let simulator: Simulator

beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  folder = mkdtempSync(join(tmpdir(), 'muster-steer-'))
  simulator = new Simulator({ ...endpointsOf(server), identityFolder: folder })
})
afterEach(() => simulator.stop())
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (method: string, path: string, body?: unknown): Promise<SimulatorReply> =>
  answerSimulator(simulator, [scenario], {
    method,
    path,
    body: body === undefined ? '' : JSON.stringify(body),
  })

async function state(): Promise<SimulatorState> {
  const { status, body } = await ask('GET', '')
  expect(status).toBe(200)
  return body as SimulatorState
}

async function running(): Promise<SimulatorState> {
  expect((await ask('POST', '/start', { scenario: 'steered' })).status).toBe(202)
  await vi.waitFor(
    async () => expect(await state()).toMatchObject({ state: 'running', connected: 6 }),
    slow,
  )
  return await state()
}

/** Runs a job on the whole fleet and gives what it came to. */
async function ended(jobId: string, { thingGroup }: SimulatorState): Promise<object> {
  const { thingGroupArn = '' } = await server.iot.send(
    new DescribeThingGroupCommand({ thingGroupName: thingGroup ?? '' }),
  )
  await server.iot.send(new CreateJobCommand({ jobId, targets: [thingGroupArn], document: '{}' }))
  return await vi.waitFor(async () => {
    const { job } = await server.iot.send(new DescribeJobCommand({ jobId }))
    expect(job?.status).toBe('COMPLETED')
    return job?.jobProcessDetails ?? {}
  }, slow)
}

it(
  'tells the fleet; a raised failure rate makes later executions fail, a lowered one none',
  slow,
  async () => {
    const fleet = await running()
    expect(fleet).toMatchObject({
      scenario: 'steered',
      devices: 6,
      onboarded: 6,
      failures: [],
      network: null,
      job: null,
      thingGroup: expect.stringMatching(/^steered-/),
      byProtocol: expect.arrayContaining([
        { protocol: 'mqtt', devices: 3 },
        { protocol: 'https', devices: 3 },
      ]),
      byBehaviour: [{ behaviour: 'succeed', devices: 6, share: 1 }],
      totals: { connects: 6, failed: 0, denied: 0 },
    })
    expect(await ended('before', fleet)).toMatchObject({ numberOfSucceededThings: 6 })
    const changed = await ask('PATCH', '', { failureRate: 0.5 })
    expect(changed).toMatchObject({
      status: 200,
      body: { byBehaviour: [{ devices: 3 }, { devices: 3 }] },
    })
    expect(await ended('half', fleet)).toMatchObject({
      numberOfSucceededThings: 3,
      numberOfFailedThings: 3,
    })
    await ask('PATCH', '', { failureRate: 1, groups: ['https'] })
    await ask('PATCH', '', { failureRate: 0, groups: ['mqtt'] })
    expect(await ended('https-fails', fleet)).toMatchObject({
      numberOfSucceededThings: 3,
      numberOfFailedThings: 3,
    })
    await ask('PATCH', '', { failureRate: 0 })
    expect(await ended('none', fleet)).toMatchObject({ numberOfSucceededThings: 6 })
    await vi.waitFor(
      async () =>
        expect(await state()).toMatchObject({ totals: { started: 24, succeeded: 18, failed: 6 } }),
      slow,
    )
  },
)

it('behaviours are dealt out anew, and act with the next execution', slow, async () => {
  const fleet = await running()
  const behaviours = [
    { behaviour: 'reject', share: 0.5 },
    { behaviour: 'stale-version', share: 0.5 },
  ]
  expect((await ask('PATCH', '', { behaviours })).status).toBe(200)
  expect(await ended('dealt', fleet)).toMatchObject({
    numberOfRejectedThings: 3,
    numberOfSucceededThings: 3,
  })
  await vi.waitFor(async () => {
    const { faults } = await state()
    expect(Object.keys(faults)).toContainEqual(expect.stringMatching(/^stale-version: /))
  }, slow)
})

it('network faults begin and end while the fleet runs', slow, async () => {
  const fleet = await running()
  const network = { flapping: { everySeconds: 0.3 } }
  const flapping = await ask('PATCH', '', { network, groups: ['mqtt'] })
  expect(flapping.body).toMatchObject({ network })
  await vi.waitFor(async () => {
    const { faults, totals } = await state()
    expect(faults['flapping: began']).toBeGreaterThan(3)
    expect(totals.reconnects).toBeGreaterThan(3)
  }, slow)
  expect((await ask('PATCH', '', { network: null })).body).toMatchObject({ network: null })
  expect(await ended('calm', fleet)).toMatchObject({ numberOfSucceededThings: 6 })
})

it('stopping disconnects every device in order; another scenario may follow', slow, async () => {
  await running()
  expect(await ask('POST', '/start', { scenario: 'steered' })).toEqual({
    status: 409,
    body: { message: 'scenario `steered` runs: stop it first' },
  })
  const stopped = await ask('POST', '/stop')
  expect(stopped).toMatchObject({ status: 200, body: { state: 'stopped', connected: 0 } })
  expect(stopped.body).toMatchObject({ failures: [] })
  expect(await ask('PATCH', '', { failureRate: 1 })).toEqual({
    status: 409,
    body: { message: 'no fleet runs: start a scenario first' },
  })
  await running()
})

it('what cannot be done is refused with what was expected', slow, async () => {
  expect(await ask('GET', '/scenarios')).toMatchObject({
    body: {
      scenarios: expect.arrayContaining([
        expect.objectContaining({ name: 'steered', devices: 6, groups: ['mqtt', 'https'] }),
        expect.objectContaining({ name: 'maintenance-windows', needsVirtualClock: true }),
      ]),
    },
  })
  const refused = async (method: string, path: string, body?: unknown): Promise<unknown[]> => {
    const answer = await ask(method, path, body)
    return [answer.status, (answer.body as { message: string }).message]
  }
  expect(await refused('POST', '/start', { scenario: '/etc/passwd' })).toEqual([
    400,
    expect.stringMatching(/^no scenario `\/etc\/passwd`: expected one of steered, /),
  ])
  expect(await refused('POST', '/start', { scenario: 'steered', devices: 0 })).toEqual([
    400,
    'expected devices from 1 to 100000',
  ])
  expect(await refused('POST', '/start')).toEqual([400, 'expected {"scenario": "NAME"}'])
  expect(await refused('DELETE', '')).toEqual([405, 'expected GET or PATCH, not DELETE'])
  expect(await refused('GET', '/other')).toEqual([
    404,
    'no admin resource `/_muster/simulator/other`',
  ])
  await running()
  const change = (body: unknown): Promise<unknown[]> => refused('PATCH', '', body)
  expect(await change({ failureRate: 1.5 })).toEqual([400, 'expected failureRate from 0 to 1'])
  expect(await change({ failureRates: 1 })).toEqual([
    400,
    'unknown member `failureRates`: expected behaviours, failureRate, network, groups',
  ])
  expect(await change({ failureRate: 1, groups: ['nobody'] })).toEqual([
    400,
    'expected groups of the scenario: mqtt, https',
  ])
  expect(await change({ behaviours: [{ behaviour: 'explode' }] })).toEqual([
    400,
    expect.stringMatching(/^`behaviours\.0\.behaviour`: expected one of succeed, fail, /),
  ])
  expect(await change({ network: { flapping: {} } })).toEqual([
    400,
    '`network.flapping` lacks `everySeconds`',
  ])
  expect(await change({ behaviours: [{ behaviour: 'forget-step-timer' }] })).toEqual([
    400,
    expect.stringContaining('sets its step timer when it starts'),
  ])
  expect(await change({})).toEqual([400, 'expected behaviours, failureRate or network'])
  expect(await change([])).toEqual([400, expect.stringContaining('expected an object')])
})

it('a scenario that cannot run says why in the state', slow, async () => {
  expect((await ask('POST', '/start', { scenario: 'maintenance-windows' })).status).toBe(202)
  await vi.waitFor(
    async () =>
      expect(await state()).toMatchObject({
        state: 'stopped',
        failures: [expect.stringContaining('--clock virtual')],
      }),
    slow,
  )
})
