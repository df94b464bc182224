/** Well-behaved devices that ask `jobs/get` at a fixed rate, and how long each answer took. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { generate } from 'mqtt-packet'
import { topics, type BenchDevice, type Fleet } from '../gateway/devices.ts'
import { LeanClient } from '../gateway/lean-client.ts'

export interface ProbeOrder {
  readonly port: number
  readonly clients: number
  readonly requestsPerSecond: number
}

/** Measures for this long and answers with a {@link ProbeResult}. */
export interface ProbePeriod {
  readonly seconds: number
}

export interface ProbeResult {
  readonly p99Ms: number
  readonly answers: number
  /** Requests that were due and found the one before them unanswered. */
  readonly late: number
}

const fleet = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fleet
let latenciesMs: number[] = []
let late = 0

process.on('message', (order: ProbeOrder | ProbePeriod) => {
  if ('port' in order) void begin(order)
  else {
    latenciesMs = []
    late = 0
    setTimeout(() => process.send?.({ kind: 'measured', ...result() }), order.seconds * 1000)
  }
})
process.send?.({ kind: 'ready' })

async function begin(order: ProbeOrder): Promise<void> {
  const devices = fleet.devices.slice(0, order.clients)
  const asks = await Promise.all(devices.map((device) => dial(order.port, device)))
  let at = 0
  setInterval(() => {
    asks[at++ % asks.length]?.()
  }, 1000 / order.requestsPerSecond)
  process.send?.({ kind: 'asking' })
}

/** @returns asks once */
function dial(port: number, device: BenchDevice): Promise<() => void> {
  const { thingName: clientId, certificatePem: cert, privateKeyPem: key } = device
  const topic = topics.jobsRequest(clientId)
  const payload = Buffer.from('{}')
  const ask = generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false })
  let askedAtMs: number | undefined
  const onPacket = (type: number): void => {
    if (type !== 3 || askedAtMs === undefined) return
    latenciesMs.push(performance.now() - askedAtMs)
    askedAtMs = undefined
  }
  return new Promise((resolve, reject) => {
    const context = createSecureContext({ cert, key })
    const client = new LeanClient(
      { port, clientId, context, onPacket },
      () =>
        resolve(() => {
          if (askedAtMs !== undefined) {
            late++
            return
          }
          askedAtMs = performance.now()
          client.write(ask)
        }),
      (cause) => {
        process.stderr.write(`${cause.message}\n`)
        reject(cause)
      },
    )
  })
}

function result(): ProbeResult {
  const sorted = latenciesMs.toSorted((left, right) => left - right)
  const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN
  return { p99Ms, answers: sorted.length, late }
}
