/** In the place of the broker's PUBLISH encoder: mqtt-packet writes it. */
import { generate } from 'mqtt-packet'
import type { PublishForm } from '../../../packages/broker/src/codec/encode-publish.ts'
import type { Message } from '../../../packages/broker/src/message.ts'

export { packetIdOffset } from '../../../packages/broker/src/codec/encode-publish.ts'

export function encodePublish(message: Message, form: PublishForm, packetId: number): Buffer {
  const { protocolVersion, qos, retain } = form
  const { topic } = message
  const payload = message.payload as Buffer
  return generate(
    { cmd: 'publish', topic, payload, qos, retain, dup: false, messageId: packetId },
    { protocolVersion },
  )
}
