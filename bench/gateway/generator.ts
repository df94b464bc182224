/**
 * Load on one broker, in a process of its own on the other core. The parent measures the broker's
 * CPU between `begin` and `end`.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { LeanMqtt } from '@muster/fleet'
import { generate } from 'mqtt-packet'
import { topics, type BenchDevice, type Fleet } from './devices.ts'
import { connectTo, trustBrokers } from './lean-client.ts'

/** What to do, and against whom. */
export interface LoadOrder {
  readonly workload:
    | 'connect'
    | 'request'
    | 'jobs-request'
    | 'shadow-update'
    | 'qos1'
    | 'notify'
    | 'fan-in'
    | 'idle'
    | 'crowd'
  readonly port: number
  readonly seconds: number
  readonly clients: number
}

/** What came of it. */
export interface LoadResult {
  readonly operations: number
  readonly seconds: number
  readonly failures: number
}

const fleet = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fleet
trustBrokers(fleet.caPem)
const payload = Buffer.alloc(256, 'x')
/** The packet type that says an operation is done: PUBACK, PINGRESP, PUBLISH. */
const answers: Readonly<Record<LoadOrder['workload'], number>> = {
  connect: 2,
  idle: 0,
  crowd: 0,
  qos1: 4,
  'fan-in': 13,
  request: 3,
  'jobs-request': 3,
  'shadow-update': 3,
  notify: 3,
}
/** What a device of a few sensors reports, of 148 bytes. */
const report = Buffer.from(
  JSON.stringify({
    state: {
      reported: {
        version: '2.4.1',
        battery: 87,
        signal: { rssi: -71, cell: 'eg-14' },
        temperature: 21.5,
        doors: ['closed', 'closed'],
        charging: false,
      },
    },
  }),
)
const contexts = new Map<string, SecureContext>()
let failures = 0

process.on('message', (order: LoadOrder) => {
  void run(order).then(
    (result) => process.send?.({ kind: 'end', result }),
    (cause: unknown) => process.send?.({ kind: 'fault', message: String(cause) }),
  )
})
process.send?.({ kind: 'ready' })

async function run(order: LoadOrder): Promise<LoadResult> {
  failures = 0
  if (order.workload === 'connect') return connects(order)
  if (order.workload === 'crowd') return crowd(order)
  const counter = { operations: 0 }
  const clients = await open(order, counter)
  const stop = await start(order, clients)
  await wait(300)
  process.send?.({ kind: 'begin' })
  const from = counter.operations
  const startMs = performance.now()
  await wait(order.seconds * 1000)
  const seconds = (performance.now() - startMs) / 1000
  const operations = counter.operations - from
  const result = { operations, seconds, failures }
  process.send?.({ kind: 'measured' })
  stop()
  for (const client of clients) client.end()
  await wait(300)
  return result
}

/** CONNECT, CONNACK, close, again; 16 at a time. */
async function connects(order: LoadOrder): Promise<LoadResult> {
  let operations = 0
  const state = { running: true }
  let next = 0
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const device = fleet.devices[next++ % order.clients]
      if (device === undefined) throw new Error('no devices')
      const client = connectTo(
        {
          port: order.port,
          clientId: device.thingName,
          secureContext: context(device),
          onPacket: () => {},
        },
        () => {
          operations++
          client.end()
          resolve()
        },
        () => {
          failures++
          resolve()
        },
      )
    })
  const loop = async (): Promise<void> => {
    while (state.running) await one()
  }
  for (const device of fleet.devices.slice(0, order.clients)) context(device)
  const loops = Array.from({ length: 16 }, loop)
  await wait(500)
  process.send?.({ kind: 'begin' })
  const from = operations
  const startMs = performance.now()
  await wait(order.seconds * 1000)
  const seconds = (performance.now() - startMs) / 1000
  const result = { operations: operations - from, seconds, failures }
  process.send?.({ kind: 'measured' })
  state.running = false
  await Promise.all(loops)
  return result
}

/** Many connections at once, under client IDs of their own and the service's certificate. */
async function crowd(order: LoadOrder): Promise<LoadResult> {
  const clients: LeanMqtt[] = []
  let next = 0
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const options = {
        port: order.port,
        clientId: `c${next++}`,
        secureContext: context(fleet.service),
        onPacket: () => {},
      }
      const client = connectTo(
        options,
        () => {
          clients.push(client)
          resolve()
        },
        () => {
          failures++
          resolve()
        },
      )
    })
  const startMs = performance.now()
  const loop = async (): Promise<void> => {
    while (next < order.clients) await one()
  }
  await Promise.all(Array.from({ length: 32 }, loop))
  const seconds = (performance.now() - startMs) / 1000
  process.send?.({ kind: 'begin' })
  await wait(order.seconds * 1000)
  const result = { operations: clients.length, seconds, failures }
  process.send?.({ kind: 'measured' })
  for (const client of clients) client.end()
  await wait(1000)
  return result
}

async function open(order: LoadOrder, counter: { operations: number }): Promise<LeanMqtt[]> {
  const clients: LeanMqtt[] = []
  const devices = fleet.devices.slice(0, order.clients)
  for (let from = 0; from < devices.length; from += 32) {
    const batch = devices.slice(from, from + 32)
    clients.push(...(await Promise.all(batch.map((device) => dial(order, device, counter)))))
  }
  return clients
}

function dial(
  order: LoadOrder,
  device: BenchDevice,
  counter: { operations: number },
): Promise<LeanMqtt> {
  return new Promise((resolve, reject) => {
    const name = device.thingName
    const again = nextPacket(order, name)
    const options = {
      port: order.port,
      clientId: name,
      secureContext: context(device),
      onPacket: (type: number, client: LeanMqtt): void => {
        if (type === 9) resolve(client)
        else if (type === answers[order.workload]) {
          counter.operations += order.workload === 'fan-in' ? fanInBatch : 1
          if (again !== undefined) client.write(again)
        }
      },
    }
    const client = connectTo(
      options,
      () => {
        const filter = filterOf(order, name)
        if (filter === undefined) resolve(client)
        else client.write(subscribe(filter))
      },
      (cause) => {
        failures++
        reject(cause)
      },
    )
  })
}

/** What a client subscribes to before the load begins. */
function filterOf(order: LoadOrder, name: string): string | undefined {
  if (order.workload === 'notify') return topics.notify(name)
  if (order.workload === 'shadow-update') return `${topics.shadowUpdate(name)}/accepted`
  return order.workload === 'request' ? topics.reply(name) : undefined
}

/** What a client sends again for each answer: one in flight. */
function nextPacket(order: LoadOrder, name: string): Buffer | undefined {
  if (order.workload === 'qos1') return publish(topics.up(name), 1)
  if (order.workload === 'fan-in') return fanIn(name)
  if (order.workload === 'request') return publish(topics.request(name), 0)
  if (order.workload === 'jobs-request')
    return publish(topics.jobsRequest(name), 0, Buffer.from('{}'))
  if (order.workload === 'shadow-update') return publish(topics.shadowUpdate(name), 0, report)
  return undefined
}

/** Starts the load; answers how to stop it. */
async function start(order: LoadOrder, clients: readonly LeanMqtt[]): Promise<() => void> {
  if (order.workload === 'idle') return () => {}
  if (order.workload === 'notify') return startNotify(order)
  if (order.workload === 'fan-in') return startFanIn(clients)
  for (const client of clients) client.write(nextPacket(order, client.clientId) ?? Buffer.alloc(0))
  return () => {}
}

/** One publisher to each device in turn, as fast as the socket takes it. */
async function startNotify(order: LoadOrder): Promise<() => void> {
  const publisher = await new Promise<LeanMqtt>((resolve, reject) => {
    const { thingName: clientId } = fleet.service
    const options = {
      port: order.port,
      clientId,
      secureContext: context(fleet.service),
      onPacket: () => {},
    }
    const client = connectTo(options, () => resolve(client), reject)
  })
  const packets = fleet.devices
    .slice(0, order.clients)
    .map(({ thingName }) => publish(topics.notify(thingName), 0))
  const state = { running: true }
  let at = 0
  const more = (): void => {
    while (state.running) {
      const batch = packets.slice(at, at + 32)
      at = at + 32 >= packets.length ? 0 : at + 32
      if (!publisher.socket.write(Buffer.concat(batch))) return
    }
  }
  publisher.socket.on('drain', () => setImmediate(more))
  more()
  return () => {
    state.running = false
    publisher.end()
  }
}

/**
 * Every device publishes QoS 0, 32 packets and a PINGREQ at a time: the answer says that the broker
 * has read them, which a full socket buffer does not.
 */
function startFanIn(clients: readonly LeanMqtt[]): () => void {
  for (const client of clients) client.write(fanIn(client.clientId))
  return () => {}
}

const fanInBatch = 32
const batches = new Map<string, Buffer>()

function fanIn(name: string): Buffer {
  let batch = batches.get(name)
  if (batch === undefined) {
    const packet = publish(topics.up(name), 0)
    const packets = Array.from({ length: fanInBatch }, () => packet)
    batch = Buffer.concat([...packets, generate({ cmd: 'pingreq' })])
    batches.set(name, batch)
  }
  return batch
}

function context(device: BenchDevice): SecureContext {
  let made = contexts.get(device.thingName)
  if (made === undefined) {
    made = createSecureContext({ cert: device.certificatePem, key: device.privateKeyPem })
    contexts.set(device.thingName, made)
  }
  return made
}

function publish(topic: string, qos: 0 | 1, body: Buffer = payload): Buffer {
  return generate({
    cmd: 'publish',
    topic,
    payload: body,
    qos,
    messageId: 1,
    dup: false,
    retain: false,
  })
}

function subscribe(topic: string): Buffer {
  return generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] })
}
