/** A broker that is fed bytes: the first says how, the others are what a client sends. */
import { Broker, type BrokerPorts, type Peer, type Transport } from '@muster/broker'
import { generate, parser } from 'mqtt-packet'
import type { Reads } from '../target.ts'

const PREFIXED = 1
const IN_PIECES = 2
/** A client sends this many bytes at a time, of those that send in pieces. */
const PIECE_BYTES = 3

/** Feeds a new connection of one broker with each input; what the broker answers is MQTT. */
export function mqttReader(protocolVersion: 4 | 5): Reads {
  let wallMs = 1000
  let ids = 0
  const ports: BrokerPorts = {
    time: { nowMs: () => 1_700_000_000_000 + wallMs, wallMs: () => wallMs },
    records: { put: () => {}, delete: () => {}, load: () => [] },
    uuid: () => `uuid-${ids++}`,
    random: () => 0,
    reserved: {
      jobs: () => () => {},
      provisioning: () => () => {},
      shadows: () => () => {},
      streams: () => () => {},
    },
    dueChanged: () => {},
    log: () => {},
    refused: () => {},
  }
  const broker = new Broker(ports)
  const connect = generate({
    cmd: 'connect',
    protocolVersion,
    clientId: 'fuzz',
    clean: false,
    keepalive: 60,
    ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 60, receiveMaximum: 5 } }),
  })
  return (input) => {
    const [how = 0] = input
    const answers = parser({ protocolVersion })
    answers.on('error', (cause: unknown) => {
      throw new Error('the broker sent no MQTT', { cause })
    })
    let closed = false
    const transport: Transport = {
      send: (bytes) => {
        if (closed) throw new Error('sent after close')
        answers.parse(Buffer.from(bytes))
      },
      close: () => {
        closed = true
      },
      bufferedBytes: 0,
    }
    const connection = broker.open(transport, peer())
    const receive = (bytes: Uint8Array): void => {
      if (closed) return
      let more = connection.receive(bytes)
      while (more) more = connection.proceed()
    }
    if ((how & PREFIXED) !== 0) receive(connect)
    if ((how & IN_PIECES) === 0) receive(new Uint8Array(input.subarray(1)))
    else {
      for (let at = 1; at < input.length; at += PIECE_BYTES) {
        receive(new Uint8Array(input.subarray(at, at + PIECE_BYTES)))
      }
    }
    connection.lost()
    wallMs += 1000
    broker.runDue()
    if (broker.connectionCount !== 0) throw new Error('a connection that is gone is kept')
  }
}

/** The Remaining Length of the first packet is made to fit what follows. */
export function framed(input: Uint8Array): Uint8Array {
  const [how = 0, type = 0] = input
  const body = input.subarray(3)
  const length: number[] = []
  for (let left = body.length; ; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left)
    if (left <= 127) break
  }
  return Buffer.concat([Uint8Array.of(how, type, ...length), body])
}

function peer(): Peer {
  return {
    sourceIp: '192.0.2.7',
    sourcePort: 40_000,
    targetIp: '192.0.2.1',
    targetPort: 8883,
    authenticate: () => ({
      ok: true,
      client: {
        principalId: 'certificate',
        authorizer: {
          connect: () => ({ allowed: true }),
          publish: (topic) => ({ allowed: !topic.includes('denied') }),
          retainPublish: () => ({ allowed: true }),
          subscribe: (filter) => ({ allowed: !filter.includes('denied') }),
          receive: () => true,
          release: () => {},
        },
      },
    }),
  }
}
