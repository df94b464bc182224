/**
 * Packets that the server sends, except PUBLISH: written by mqtt-packet.
 */
import { generate, type IConnackPacket } from 'mqtt-packet'

/** PINGRESP is always these two bytes. */
export const pingresp: Uint8Array = Uint8Array.of(0xd0, 0)

/** A CONNACK; `returnCode` is for 3.1.1, `reasonCode` and properties for 5. */
export function encodeConnack(
  protocolVersion: 4 | 5,
  code: number,
  sessionPresent: boolean,
  properties?: IConnackPacket['properties'],
): Uint8Array {
  return generate(
    {
      cmd: 'connack',
      sessionPresent,
      returnCode: code,
      reasonCode: code,
      ...(properties === undefined ? {} : { properties }),
    },
    { protocolVersion },
  )
}

/** A PUBACK; 3.1.1 has no code. */
export function encodePuback(
  protocolVersion: 4 | 5,
  packetId: number,
  code: number,
  reasonString?: string,
): Uint8Array {
  if (protocolVersion === 4 || code === 0) {
    // From Buffer's pool: a small Uint8Array of its own would be copied off the heap to be written.
    const bytes = Buffer.allocUnsafe(4)
    bytes[0] = 0x40
    bytes[1] = 2
    bytes[2] = packetId >> 8
    bytes[3] = packetId & 0xff
    return bytes
  }
  return generate(
    {
      cmd: 'puback',
      messageId: packetId,
      reasonCode: code,
      ...(reasonString === undefined ? {} : { properties: { reasonString } }),
    },
    { protocolVersion },
  )
}

export function encodeSuback(
  protocolVersion: 4 | 5,
  packetId: number,
  granted: number[],
  reasonString?: string,
): Uint8Array {
  return generate(
    {
      cmd: 'suback',
      messageId: packetId,
      granted,
      ...(reasonString === undefined ? {} : { properties: { reasonString } }),
    },
    { protocolVersion },
  )
}

export function encodeUnsuback(
  protocolVersion: 4 | 5,
  packetId: number,
  granted: number[],
): Uint8Array {
  return generate({ cmd: 'unsuback', messageId: packetId, granted }, { protocolVersion })
}

/** An MQTT 5 DISCONNECT; 3.1.1 servers send none. */
export function encodeDisconnect(code: number, reasonString?: string): Uint8Array {
  return generate(
    {
      cmd: 'disconnect',
      reasonCode: code,
      ...(reasonString === undefined ? {} : { properties: { reasonString } }),
    },
    { protocolVersion: 5 },
  )
}
