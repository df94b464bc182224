/** MQTT packets in a stream of bytes: cut apart as they are, and read where they can be. */
import { generate, parser, type Packet } from 'mqtt-packet'

/** Longest Remaining Length field. */
const LENGTH_BYTES_MAX = 4

/** Cuts a stream into packets. */
export class PacketSplitter {
  #rest: Buffer = Buffer.alloc(0)

  /** @returns the packets that are complete now, as they came */
  push(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const packets: Buffer[] = []
    for (;;) {
      const length = packetLength(this.#rest)
      if (length === undefined || this.#rest.length < length) return packets
      packets.push(this.#rest.subarray(0, length))
      this.#rest = this.#rest.subarray(length)
    }
  }
}

function packetLength(bytes: Buffer): number | undefined {
  let length = 0
  for (let at = 1; at <= LENGTH_BYTES_MAX; at++) {
    const byte = bytes[at]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 128 ** (at - 1)
    if (byte < 0x80) return 1 + at + length
  }
  // Nobody can read on: the service closes for it.
  return bytes.length
}

/** How MQTT.js numbers its versions: 4 is 3.1.1. */
export type MqttVersion = 4 | 5

/** @returns undefined for a packet that cannot be read: the service judges it */
export function readPacket(bytes: Buffer, protocolVersion: MqttVersion): Packet | undefined {
  let read: Packet | undefined
  const reader = parser({ protocolVersion })
  reader.on('packet', (packet: Packet) => {
    read = packet
  })
  reader.on('error', () => {})
  reader.parse(bytes)
  return read
}

export function writePacket(packet: Packet, protocolVersion: MqttVersion): Buffer {
  return generate(packet, { protocolVersion })
}
