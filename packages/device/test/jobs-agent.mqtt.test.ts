/**
 * The Jobs agent over a real MQTT connection, against a server whose answers the test decides.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { startDevice, type Device, type DeviceOptions } from '../src/index.ts'
import { StandInServer, type StandInRequest } from './stand-in-server.ts'

const execution = (more: object = {}): object => ({
  jobId: 'job-1',
  executionNumber: 1,
  versionNumber: 2,
  status: 'IN_PROGRESS',
  queuedAt: 1,
  lastUpdatedAt: 1,
  startedAt: 1,
  jobDocument: { operation: 'blink' },
  ...more,
})

let server: StandInServer
let device: Device | undefined

afterEach(async () => {
  await device?.crash()
  device = undefined
  await server.stop()
})

const start = async (options: Partial<DeviceOptions> = {}): Promise<Device> => {
  device = await startDevice({
    endpoint: server.endpoint,
    identity: server.identity('d1'),
    thingName: 'd1',
    handlers: { blink: () => ({ status: 'SUCCEEDED' }) },
    reconnectBackOff: { firstMs: 1, maxMs: 5, jitter: 0 },
    requestBackOff: { firstMs: 1, maxMs: 5, jitter: 0 },
    ...options,
  })
  return device
}

/** Answers start-next with `next()` and accepts updates; `updates` resolves at the n-th terminal. */
const script = (next: () => object | undefined, more: (request: StandInRequest) => boolean) => {
  return (request: StandInRequest): void => {
    if (more(request)) return
    if (request.topic.endsWith('/start-next')) {
      const found = next()
      request.accept(found === undefined ? {} : { execution: found })
    } else request.accept()
  }
}

describe.each([4, 5] as const)('MQTT %i', (protocolVersion) => {
  it('jobs J114: subscribes, then asks, runs and reports', async () => {
    const queue = [execution()]
    const done = Promise.withResolvers<Record<string, unknown>>()
    server = await StandInServer.start({
      request: script(
        () => queue.shift(),
        ({ topic, body }) => {
          if (topic.endsWith('/update')) done.resolve(body)
          return false
        },
      ),
    })
    await start({ protocolVersion })
    expect(await done.promise).toMatchObject({ status: 'SUCCEEDED', executionNumber: 1 })
    expect(server.requests.map(({ topic }) => topic)).toEqual([
      '$aws/things/d1/jobs/start-next',
      '$aws/things/d1/jobs/job-1/update',
    ])
  })
})

it('jobs J117: a document it cannot serve is REJECTED with a reason', async () => {
  const queue = [execution({ jobDocument: { operation: 'fly' } })]
  const done = Promise.withResolvers<Record<string, unknown>>()
  server = await StandInServer.start({
    request: script(
      () => queue.shift(),
      ({ topic, body }) => {
        if (topic.endsWith('/update')) done.resolve(body)
        return false
      },
    ),
  })
  await start()
  expect(await done.promise).toMatchObject({
    status: 'REJECTED',
    statusDetails: { reason: 'no handler for `fly`' },
  })
})

it('jobs J114: an update refused with InvalidStateTransition aborts the handler', async () => {
  const queue = [execution()]
  const aborted = Promise.withResolvers<string>()
  server = await StandInServer.start({
    request: script(
      () => queue.shift(),
      (request) => {
        if (!request.topic.endsWith('/update')) return false
        request.reject('InvalidStateTransition', {
          executionState: { status: 'CANCELED', versionNumber: 3 },
        })
        return true
      },
    ),
  })
  await start({
    handlers: {
      blink: async (job) => {
        const accepted = await job.progress({ at: '1' })
        if (!accepted && job.signal.aborted) aborted.resolve('aborted')
        return { status: 'SUCCEEDED' }
      },
    },
  })
  expect(await aborted.promise).toBe('aborted')
})

it('jobs J114: a throttled update is sent again, other refusals are final', async () => {
  const queue = [execution()]
  let updates = 0
  const done = Promise.withResolvers<number>()
  server = await StandInServer.start({
    request: script(
      () => queue.shift(),
      (request) => {
        if (!request.topic.endsWith('/update')) return false
        if (++updates < 3) request.reject('RequestThrottled')
        else {
          request.accept()
          done.resolve(updates)
        }
        return true
      },
    ),
  })
  await start()
  expect(await done.promise).toBe(3)
})

it('jobs J114: after a reconnect it asks again', async () => {
  const queue: object[] = []
  const asked = Promise.withResolvers<void>()
  const done = Promise.withResolvers<Record<string, unknown>>()
  server = await StandInServer.start({
    request: script(
      () => queue.shift(),
      ({ topic, body }) => {
        asked.resolve()
        if (topic.endsWith('/update')) done.resolve(body)
        return false
      },
    ),
  })
  await start()
  await asked.promise
  queue.push(execution())
  server.cut('d1')
  expect(await done.promise).toMatchObject({ status: 'SUCCEEDED' })
  expect(server.connects).toHaveLength(2)
})

it('gateway G10: a CONNECT closed without CONNACK is reported as refused', async () => {
  server = await StandInServer.start({ connect: () => false })
  await expect(
    startDevice(
      {
        endpoint: server.endpoint,
        identity: server.identity('d1'),
        thingName: 'd1',
        reconnectBackOff: { firstMs: 1, maxMs: 5, jitter: 0 },
      },
      500,
    ),
  ).rejects.toThrow('`d1` did not connect in 500 ms: refused: closed instead of CONNACK')
})

it('a server that is down gives an error that says so, in bounded time', async () => {
  server = await StandInServer.start()
  const { endpoint } = server
  await server.stop()
  await expect(
    startDevice({ endpoint, identity: server.identity('d1'), thingName: 'd1' }, 300),
  ).rejects.toThrow(/unreachable: connect ECONNREFUSED/)
  server = await StandInServer.start()
})
