/**
 * A publish to a reserved topic that nobody here takes (gateway G131): acknowledged as on AWS, told to
 * the operator, and answered with no where the guide has an answer. Nothing is kept of it, and no
 * success is feigned.
 */
import type { BrokerCore } from './broker-core.ts'
import type { PublishPacket } from './codec/packets.ts'
import type { Connection } from './connection.ts'
import { hints } from './hints.ts'
import { tellRefused } from './refused.ts'
import type { PublishRoute } from './reserved-topics.ts'
import { route, toMessage } from './route.ts'

/** @param clientId - who published; its first publish to each feature is told, not every one */
export function dropReserved(
  core: BrokerCore,
  connection: Connection,
  clientId: string,
  topic: string,
  packet: PublishPacket,
  { absent, rejectedTopic }: Extract<PublishRoute, { kind: 'dropped' }>,
): void {
  const memory = core.clients.get(clientId)
  const what = absent ?? 'reserved'
  if (memory?.droppedPublishes?.includes(what) !== true) {
    if (memory !== undefined) memory.droppedPublishes = [...(memory.droppedPublishes ?? []), what]
    tellRefused(core, connection, {
      packet: 'PUBLISH',
      reason: 'NOT_IMPLEMENTED',
      detail:
        absent === undefined
          ? `a PUBLISH to \`${topic}\`, which clients only subscribe to`
          : `a PUBLISH to \`${topic}\`: this server has no part of ${absent}`,
      hint: absent === undefined ? hints.subscribeOnly : hints.absentFeature,
    })
  }
  if (rejectedTopic === undefined) return
  const payload = Buffer.from(rejection(absent ?? 'this', packet.payload))
  const answer = { topic: rejectedTopic, payload, qos: packet.qos === 0 ? 0 : 1 } as const
  route(core, toMessage(core, answer))
}

/** As the shadow service writes its refusals; the token tells clients which request it answers. */
function rejection(absent: string, request: Uint8Array): string {
  const refused = { code: 501, message: `This server has no part of ${absent}` }
  const clientToken = clientTokenOf(request)
  return JSON.stringify(clientToken === undefined ? refused : { ...refused, clientToken })
}

function clientTokenOf(request: Uint8Array): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(request).toString())
  } catch {
    return undefined
  }
  const token = (value as { clientToken?: unknown } | null)?.clientToken
  return typeof token === 'string' ? token : undefined
}
