/** Packets that no client may send. */
import { generate } from 'mqtt-packet'

/** Not MQTT, MQTT that no client may send, and lengths that promise what never comes. */
export const malformed: readonly Buffer[] = [
  Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f]),
  Buffer.from([0x36, 4, 0, 1, 0x61, 0]),
  Buffer.from([0x82, 2, 0, 0]),
  Buffer.from([0x30, 5, 0, 9, 0x61, 0x62, 0x63]),
  Buffer.from([0x20, 2, 0, 0]),
  Buffer.from([0xf0, 0]),
  Buffer.from([0x32, 5, 0, 1, 0x61, 0, 0]),
  Buffer.alloc(4096, 0xa5),
]

const qos1 = { qos: 1, messageId: 7, dup: false, retain: false } as const
const valid: readonly Buffer[] = [
  generate({ cmd: 'publish', topic: 'fleet/up/d1', payload: '{"temperature":21}', ...qos1 }),
  generate({ cmd: 'subscribe', messageId: 8, subscriptions: [{ topic: 'fleet/down/#', qos: 1 }] }),
  generate({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: ['fleet/down/#'] }),
  generate({ cmd: 'puback', messageId: 7 }),
  generate({ cmd: 'pingreq' }),
  generate({ cmd: 'connect', clientId: 'again', clean: true, keepalive: 60 }),
]

/** Makes a source of valid packets with one to three bytes changed; the same start, the same packets. */
export function fuzzedPackets(start: number): () => Buffer {
  let state = start >>> 0
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return () => {
    const packet = Buffer.from(valid[below(valid.length)] ?? [])
    for (let left = 1 + below(3); left > 0; left--) packet[below(packet.length)] = below(256)
    return packet
  }
}
