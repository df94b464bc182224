/** In the place of the broker's other encoders: mqtt-packet writes PUBACK and PINGRESP too. */
import { generate } from 'mqtt-packet'

export {
  encodeConnack,
  encodeDisconnect,
  encodeSuback,
  encodeUnsuback,
} from '../../../packages/broker/src/codec/encode.ts'

export const pingresp: Uint8Array = generate({ cmd: 'pingresp' })

export function encodePuback(
  protocolVersion: 4 | 5,
  packetId: number,
  reasonCode: number,
): Uint8Array {
  return generate({ cmd: 'puback', messageId: packetId, reasonCode }, { protocolVersion })
}
