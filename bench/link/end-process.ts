/**
 * One end of a link as a process of its own. The core answers each request with as many bytes as
 * `jobs/get` has; the gateway asks, `batch` clients in one frame, and waits for all of their answers.
 */
import { connect as connectSocket, createServer } from 'node:net'
import { connect } from '@nats-io/transport-node'
import { LinkEnd, streamCarrier, type Carrier, type Channel } from '@muster/link'
import { natsCarrier } from '@muster/link/nats'

/** What to do for how long. */
export interface LinkOrder {
  readonly what: 'request' | 'connect'
  readonly batch: number
  readonly seconds: number
}

/** What a gateway did; `cpuMs` of this process, main thread and others. */
export interface LinkResult {
  readonly operations: number
}

const [role = '', kind = '', where = ''] = process.argv.slice(2)
const request = Buffer.alloc(72, 1)
const answer = Buffer.alloc(135, 2)
const certificate = Buffer.alloc(620, 3)
const clients = 300

const carrier = await openCarrier()
if (role === 'core') serve(carrier)
else ask(carrier)

async function openCarrier(): Promise<Carrier> {
  if (kind === 'nats') {
    const connection = await connect({ servers: where, noEcho: true })
    const [up, down] = ['bench.up', 'bench.down']
    return natsCarrier(
      connection,
      role === 'core' ? { sendTo: down, listenOn: up } : { sendTo: up, listenOn: down },
    )
  }
  if (role === 'gateway') return streamCarrier(connectSocket(where))
  return new Promise((resolve) => {
    const server = createServer((socket) => resolve(streamCarrier(socket)))
    server.listen(where, () => process.send?.('listening'))
  })
}

function serve(on: Carrier): void {
  const end = linkEnd(on, queueMicrotask, (channel) => {
    channel.receiver = {
      bytes: (bytes) => {
        channel.took(bytes.byteLength)
        channel.send(answer)
      },
      ended: () => {},
      drained: () => {},
      reset: () => {},
    }
  })
  on.receive({ frame: (bytes) => end.take(bytes), closed: () => process.exit(0) })
  process.send?.('listening')
}

function ask(on: Carrier): void {
  const end = linkEnd(on, setImmediate)
  on.receive({ frame: (bytes) => end.take(bytes), closed: () => process.exit(0) })
  const pool = Array.from({ length: clients }, () => open(end))
  process.on('message', ({ what, batch, seconds }: LinkOrder) => {
    const until = performance.now() + seconds * 1000
    let operations = 0
    let missing = 0
    let at = 0
    const answered = (channel: Channel): void => {
      operations += 1
      if (what === 'connect') channel.reset()
      if (--missing > 0) return
      if (performance.now() < until) next()
      else process.send?.({ operations } satisfies LinkResult)
    }
    const next = (): void => {
      missing = batch
      for (let count = 0; count < batch; count++) {
        const channel = what === 'connect' ? open(end) : (pool[at++ % clients] ?? open(end))
        channel.receiver = {
          bytes: (bytes) => {
            channel.took(bytes.byteLength)
            answered(channel)
          },
          ended: () => {},
          drained: () => {},
          reset: () => {},
        }
        channel.send(request)
      }
    }
    next()
  })
  process.send?.('asking')
}

function open(end: LinkEnd): Channel {
  return end.open({
    listener: 'mqtt',
    sourceIp: '192.0.2.17',
    sourcePort: 40_000,
    targetIp: '192.0.2.1',
    targetPort: 8883,
    serverName: 'localhost',
    alpnProtocol: undefined,
    certificates: [certificate],
  })
}

function linkEnd(
  on: Carrier,
  atTurnEnd: (flush: () => void) => void,
  opened?: (channel: Channel) => void,
): LinkEnd {
  return new LinkEnd({
    session: 1n,
    sink: on,
    atTurnEnd,
    silentTicksMax: Number.MAX_SAFE_INTEGER,
    noticed: () => {},
    ended: (why) => {
      process.stderr.write(`${role}: ${why}\n`)
      process.exit(1)
    },
    ...(opened && { opened }),
  })
}
