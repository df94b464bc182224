/**
 * Malformed packets by the hundred thousand, made from valid ones: flipped bits, cut ends, changed
 * lengths, spliced halves, fed whole or byte by byte. The broker answers with a close or takes
 * them, never throws, keeps nothing of a closed connection, and serves a bystander throughout.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { generate, type Packet } from 'mqtt-packet'
import { expect, it } from 'vitest'
import { world } from './harness.ts'

const seed = Number(process.env['MUSTER_FUZZ_SEED'] ?? 20_261_122)
const packetsWanted = Number(process.env['MUSTER_FUZZ_PACKETS'] ?? 200_000)

const user = { userProperties: { a: ['1', '2'], b: 'x' } }
const valid: Packet[] = [
  { cmd: 'publish', topic: 'a/b', payload: 'x'.repeat(40), qos: 0, dup: false, retain: false },
  {
    cmd: 'publish',
    topic: 'a/ü',
    payload: '{}',
    qos: 1,
    messageId: 7,
    dup: false,
    retain: true,
    properties: {
      ...user,
      contentType: 'a',
      responseTopic: 'r',
      topicAlias: 3,
      messageExpiryInterval: 5,
      correlationData: Buffer.from('cc'),
      payloadFormatIndicator: true,
    },
  },
  {
    cmd: 'publish',
    topic: '$aws/things/t/jobs/get',
    payload: '{}',
    qos: 1,
    messageId: 8,
    dup: false,
    retain: false,
  },
  { cmd: 'puback', messageId: 9, reasonCode: 0 },
  {
    cmd: 'subscribe',
    messageId: 5,
    subscriptions: [
      { topic: 'a/+', qos: 1 },
      { topic: '$share/g/#', qos: 0 },
    ],
    properties: user,
  },
  { cmd: 'unsubscribe', messageId: 6, unsubscriptions: ['a/+', 'b'], properties: user },
  { cmd: 'pingreq' },
  { cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 0, ...user } },
  { cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'x' } },
  { cmd: 'pubrel', messageId: 5, reasonCode: 0 },
]
const connects = ([4, 5] as const).map((protocolVersion) =>
  generate({
    cmd: 'connect',
    protocolVersion,
    clientId: 'fuzz',
    clean: true,
    keepalive: 60,
    username: '?SDK=Fuzz',
    password: Buffer.from('p'),
    will: {
      topic: 'will',
      payload: Buffer.from('w'),
      qos: 1,
      retain: false,
      ...(protocolVersion === 5 ? { properties: { willDelayInterval: 3, ...user } } : {}),
    },
    ...(protocolVersion === 5
      ? { properties: { sessionExpiryInterval: 10, receiveMaximum: 5, ...user } }
      : {}),
  }),
)

function random(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

it(`survives ${packetsWanted} malformed packets (seed ${seed})`, { timeout: 60_000 }, () => {
  const next = random(seed)
  const below = (bound: number): number => Math.floor(next() * bound)
  const w = world()
  w.log.push = () => 0
  w.requests.push = () => 0
  w.connects.push = () => 0
  w.refusals.push = () => 0
  const bystander = w.connected('bystander', { keepalive: 1200 }).subscribe('quiet')
  bystander.take()
  const written = ([4, 5] as const).map((protocolVersion) =>
    valid
      .filter(({ cmd }) => protocolVersion === 5 || cmd !== 'auth')
      .map((packet) => generate(packet, { protocolVersion })),
  )

  const mutate = (packet: Buffer): Buffer => {
    const bytes = Buffer.from(packet)
    switch (below(6)) {
      case 0:
        bytes[below(bytes.length)] = below(256)
        return bytes
      case 1: {
        const at = below(bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
        return bytes
      }
      case 2:
        bytes[1] = below(256)
        return bytes
      case 3:
        return bytes.subarray(0, 1 + below(bytes.length))
      case 4:
        return Buffer.concat([
          bytes.subarray(0, below(bytes.length)),
          bytes.subarray(below(bytes.length)),
        ])
      default: {
        const short = Buffer.from(bytes.subarray(0, Math.max(2, below(bytes.length))))
        short[1] = Math.min(127, short.length - 2)
        return short
      }
    }
  }

  const round = (): number => {
    let sent = 1
    const version = below(2)
    const client = w.client(version === 0 ? 4 : 5)
    const connect = connects[version] ?? Buffer.alloc(0)
    client.raw(below(10) === 0 ? mutate(connect) : connect)
    for (let count = 0; count < 20 && !client.closed; count++, sent++) {
      const packets = written[version] ?? []
      const bytes = mutate(packets[below(packets.length)] ?? Buffer.alloc(0))
      if (below(4) > 0) client.raw(bytes)
      else for (const byte of bytes) if (!client.closed) client.raw(Uint8Array.of(byte))
      client.packets.length = 0
    }
    client.connection.lost()
    return sent
  }

  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let warm = 0; warm < 2_000; warm++) round()
  collect()
  const heapBefore = process.memoryUsage().heapUsed
  for (let sent = 0; sent < packetsWanted; sent += round()) {
    if (sent % 1_000 < 20) {
      w.broker.publish({ topic: 'quiet', payload: Buffer.from('still here'), qos: 0 })
      expect(bystander.take()).toEqual(['publish quiet 0 still here'])
      w.advance(1_000)
      bystander.send({ cmd: 'pingreq' })
      bystander.take()
    }
  }
  w.advance(20_000)
  expect(w.broker.connectionCount).toBe(1)
  // Some of the mutants were good messages with RETAIN: those are kept, and go with a reset.
  w.broker.reset()
  collect()
  const grownBytes = process.memoryUsage().heapUsed - heapBefore
  expect(grownBytes).toBeLessThan(4_000_000)
})

it('every valid packet is taken when split at every byte', () => {
  for (const protocolVersion of [4, 5] as const) {
    for (const packet of valid) {
      if (['auth', 'pubrel', 'disconnect'].includes(packet.cmd)) continue
      const bytes = generate(packet, { protocolVersion })
      for (let cut = 1; cut < bytes.length; cut++) {
        const w = world()
        const client = w
          .client(protocolVersion)
          .raw(connects[protocolVersion - 4] ?? Buffer.alloc(0))
        const whole =
          packet.cmd === 'publish' && packet.topic.startsWith('$') ? 'puback 0' : undefined
        client.take()
        client.raw(bytes.subarray(0, cut)).raw(bytes.subarray(cut))
        expect(client.closed).toBe(false)
        if (whole !== undefined) expect(client.take()).toEqual([whole])
      }
    }
  }
})
