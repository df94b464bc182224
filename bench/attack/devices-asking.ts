/** Well-behaved devices that ask at a fixed rate, and how long each answer took. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { LeanMqtt } from '@muster/fleet'
import { generate } from 'mqtt-packet'
import { topics, type BenchDevice, type Fleet } from '../gateway/devices.ts'
import { connectTo, trustBrokers } from '../gateway/lean-client.ts'

/** What a device does and waits for: `jobs/get` its answer, a QoS 1 publish its PUBACK. */
export type Asking = 'jobs/get' | 'publish'

/** Whom to ask from now on; those asked before are let go. */
export interface ProbeOrder {
  readonly port: number
  readonly asking: Asking
  readonly clients: number
  readonly requestsPerSecond: number
}

/** Measures for this long and answers with a {@link ProbeResult}. */
export interface ProbePeriod {
  readonly seconds: number
}

export interface ProbeResult {
  /** How long each answer took, whole microseconds. */
  readonly latenciesUs: readonly number[]
}

const fleet = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fleet
trustBrokers(fleet.caPem)
let latenciesUs: number[] = []
let stop = (): void => {}

process.on('message', (order: ProbeOrder | ProbePeriod) => {
  if ('port' in order) void begin(order)
  else {
    latenciesUs = []
    setTimeout(() => process.send?.({ kind: 'measured', latenciesUs }), order.seconds * 1000)
  }
})
process.send?.({ kind: 'ready' })

async function begin(order: ProbeOrder): Promise<void> {
  stop()
  const devices = fleet.devices.slice(0, order.clients)
  const asking = await Promise.all(devices.map((device) => dial(order, device)))
  let asked = 0
  let sinceMs = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - sinceMs) * order.requestsPerSecond) / 1000
    for (; asked < due; asked++) asking[asked % asking.length]?.ask()
    // Begins anew now and then, so that a pause is caught up with once and not for ever.
    if (due < order.requestsPerSecond) return
    asked = 0
    sinceMs = performance.now()
  }, 1)
  stop = () => {
    clearInterval(timer)
    for (const { client } of asking) client.end()
  }
  process.send?.({ kind: 'asking' })
}

/** A device and how it asks once. */
interface AskingDevice {
  readonly client: LeanMqtt
  ask(): void
}

function dial({ port, asking }: ProbeOrder, device: BenchDevice): Promise<AskingDevice> {
  const { thingName: clientId, certificatePem: cert, privateKeyPem: key } = device
  const jobs = asking === 'jobs/get'
  const request = generate({
    cmd: 'publish',
    topic: jobs ? topics.jobsRequest(clientId) : topics.up(clientId),
    payload: jobs ? Buffer.from('{}') : Buffer.alloc(256, 'x'),
    qos: jobs ? 0 : 1,
    messageId: 1,
    dup: false,
    retain: false,
  })
  const answer = jobs ? 3 : 4
  let askedAtMs: number | undefined
  const onPacket = (type: number): void => {
    if (type !== answer || askedAtMs === undefined) return
    latenciesUs.push(Math.round((performance.now() - askedAtMs) * 1000))
    askedAtMs = undefined
  }
  return new Promise((resolve, reject) => {
    const secureContext = createSecureContext({ cert, key })
    const ask = (): void => {
      // Who still waits does not ask again: the answers missing from the count tell of it.
      if (askedAtMs !== undefined) return
      askedAtMs = performance.now()
      client.write(request)
    }
    const client = connectTo(
      { port, clientId, secureContext, onPacket },
      () => resolve({ client, ask }),
      (cause) => {
        process.stderr.write(`${cause.message}\n`)
        reject(cause)
      },
    )
  })
}
