/**
 * One connection's bytes to checked packets.
 */
import { pubackCodes, reasonCode } from '../reason-codes.ts'
import { ByteReader } from './byte-reader.ts'
import { codedFault } from './coded-packet.ts'
import { protocolFault } from './decode-connect.ts'
import { decodeControl } from './decode-control.ts'
import { decodePublish } from './decode-publish.ts'
import { FrameReader, type Frame } from './frame-reader.ts'
import type { InboundPacket, PacketFault } from './packets.ts'

const pingreq: InboundPacket = { cmd: 'pingreq' }

export class PacketDecoder {
  readonly #frames = new FrameReader()
  /** Set by the first CONNECT. */
  #protocolVersion: 4 | 5 | undefined
  /** Of the last PUBLISH. */
  #topic = ''
  #broken = false

  /** Of the client's CONNECT; undefined before it. */
  get protocolVersion(): 4 | 5 | undefined {
    return this.#protocolVersion
  }

  /** Hands over received bytes; read them with {@link next} until it answers undefined. */
  push(bytes: Uint8Array): void {
    this.#frames.push(bytes)
  }

  /**
   * The next packet, or why the bytes are none (then the connection must end).
   *
   * @returns undefined when more bytes are needed, and always after a fault
   */
  next(): InboundPacket | undefined {
    if (this.#broken) return undefined
    const packet = this.#next()
    if (packet?.cmd === 'fault') this.#broken = true
    return packet
  }

  #next(): InboundPacket | undefined {
    if (this.#protocolVersion === undefined) {
      // Seen before its length is waited for: HTTP sent to this port need not hang until a timeout.
      const header = this.#frames.firstByte
      if (header === undefined) return undefined
      if (header !== 0x10) return { ...fault('not a CONNECT'), reason: 'NOT_CONNECT' } // [MQTT-3.1.0-1]
    }
    const frame = this.#frames.next()
    if (frame === undefined) {
      // Its length is not waited for either.
      return (this.#frames.firstByte ?? 0xff) < 0x10 ? fault('a packet of type 0') : undefined
    }
    if (frame === 'badLength') return fault('a Remaining Length of more than four bytes')
    if (frame === 'tooLarge') {
      return {
        cmd: 'fault',
        reasonCode: reasonCode.quotaExceeded,
        reason: 'PAYLOAD_LIMIT_EXCEEDED',
        detail: 'a packet above 149504 bytes',
      }
    }
    return this.#decode(frame)
  }

  #decode(frame: Frame): InboundPacket {
    const header = frame.bytes[frame.start] ?? 0
    const type = header >> 4
    if (this.#protocolVersion === undefined) {
      const version = protocolFault(frame.bytes, frame.bodyStart, frame.end)
      if (typeof version === 'object') return version
      this.#protocolVersion = version
    }
    switch (type) {
      case 3:
        return this.#publish(header, frame, this.#protocolVersion)
      case 4:
        return decodePuback(header, frame, this.#protocolVersion)
      case 12:
        if (header !== 0xc0 || frame.bodyStart !== frame.end) return fault('a PINGREQ with a body')
        return pingreq
      default:
        return decodeControl(frame, this.#protocolVersion)
    }
  }

  #publish(header: number, frame: Frame, protocolVersion: 4 | 5): InboundPacket {
    const reader = new ByteReader(frame.bytes, frame.bodyStart, frame.end)
    const packet = decodePublish(header, reader, protocolVersion, this.#topic)
    if (packet.cmd === 'publish') this.#topic = packet.topic
    return packet
  }
}

function decodePuback(header: number, frame: Frame, protocolVersion: 4 | 5): InboundPacket {
  const reader = new ByteReader(frame.bytes, frame.bodyStart, frame.end)
  const packetId = reader.uint16()
  if (header !== 0x40 || reader.failed || packetId === 0) return fault('an invalid PUBACK')
  if (protocolVersion === 4 && reader.position !== reader.end) return fault('a PUBACK with a body')
  const code = frame.bytes[reader.position] ?? 0
  if (reader.position === reader.end) return { cmd: 'puback', packetId, reasonCode: 0 }
  // Reason String and User Properties may follow; nothing here uses them.
  return codedFault(reader, 'PUBACK', pubackCodes) ?? { cmd: 'puback', packetId, reasonCode: code }
}

function fault(detail: string): PacketFault {
  return { cmd: 'fault', reasonCode: reasonCode.malformedPacket, reason: 'MALFORMED', detail }
}
