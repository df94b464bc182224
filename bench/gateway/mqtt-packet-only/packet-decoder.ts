/**
 * In the place of the broker's decoder: mqtt-packet reads the stream, one parser a connection. For
 * MQTT 3.1.1, as the load speaks it; CONNECT is judged as ever.
 */
import { parser, type Packet } from 'mqtt-packet'
import { decodeControl } from '../../../packages/broker/src/codec/decode-control.ts'
import { FrameReader } from '../../../packages/broker/src/codec/frame-reader.ts'
import type { InboundPacket } from '../../../packages/broker/src/codec/packets.ts'

export class PacketDecoder {
  readonly #frames = new FrameReader()
  readonly #parser = parser({ protocolVersion: 4 })
  readonly #packets: Packet[] = []
  #connected = false
  #broken = false

  constructor() {
    this.#parser.on('packet', (packet) => this.#packets.push(packet))
    this.#parser.on('error', () => {
      this.#broken = true
    })
  }

  push(bytes: Uint8Array): void {
    if (this.#connected) this.#parser.parse(bytes as Buffer)
    else this.#frames.push(bytes)
  }

  next(): InboundPacket | undefined {
    if (this.#connected) {
      const packet = this.#packets.shift()
      if (packet !== undefined) return checked(packet)
      return this.#broken ? fault('not MQTT') : undefined
    }
    const frame = this.#frames.next()
    if (frame === undefined) return undefined
    if (typeof frame === 'string') return fault(frame)
    this.#connected = true
    for (let rest = this.#frames.next(); typeof rest === 'object'; rest = this.#frames.next()) {
      this.#parser.parse(rest.bytes.subarray(rest.start, rest.end))
    }
    return decodeControl(frame, 4)
  }
}

/** The checks that mqtt-packet leaves to its caller, of what the load sends. */
function checked(packet: Packet): InboundPacket {
  const packetId = packet.messageId ?? 0
  switch (packet.cmd) {
    case 'pingreq':
      return { cmd: 'pingreq' }
    case 'puback':
      return { cmd: 'puback', packetId, reasonCode: packet.reasonCode ?? 0 }
    case 'disconnect':
      return { cmd: 'disconnect', reasonCode: 0, sessionExpirySeconds: undefined }
    case 'subscribe': {
      const subscriptions = packet.subscriptions.map(({ topic: filter, qos }) => {
        return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 as const }
      })
      return { cmd: 'subscribe', packetId, subscriptions, subscriptionIdentifier: false }
    }
    case 'publish': {
      const { topic, qos, retain, dup } = packet
      if (/[\0\uFFFD]/.test(topic) || (qos > 0 && packetId === 0)) return fault('a PUBLISH')
      return {
        cmd: 'publish',
        topic,
        payload: packet.payload as Buffer,
        qos,
        retain,
        dup,
        packetId,
        properties: undefined,
        messageExpirySeconds: undefined,
        topicAlias: undefined,
        subscriptionIdentifier: false,
      }
    }
    default:
      return fault(packet.cmd)
  }
}

function fault(detail: string): InboundPacket {
  return { cmd: 'fault', reasonCode: 0x81, reason: 'MALFORMED', detail }
}
