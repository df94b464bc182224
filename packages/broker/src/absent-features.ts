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
import type { PublishRoute, RejectionForm } from './reserved-topics.ts'
import { route, toMessage } from './route.ts'

/** @param clientId - who published; its first publish to each feature is told, not every one */
export function dropReserved(
  core: BrokerCore,
  connection: Connection,
  clientId: string,
  topic: string,
  packet: PublishPacket,
  { absent, rejected }: Extract<PublishRoute, { kind: 'dropped' }>,
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
  if (rejected === undefined) return
  const text = `This server has no part of ${absent ?? 'this'}`
  const asked = { topic, request: jsonOf(packet.payload), nowMs: core.ports.time.nowMs() }
  const payload = Buffer.from(JSON.stringify(FORMS[rejected.form](text, asked)))
  const answer = { topic: rejected.topic, payload, qos: packet.qos === 0 ? 0 : 1 } as const
  route(core, toMessage(core, answer))
}

/** What a rejection is made of, beside its text. */
interface Asked {
  readonly topic: string
  /** undefined for what is no JSON. */
  readonly request: unknown
  readonly nowMs: number
}

/** The codes are ours: AWS has none for what it never lacks. */
const FORMS: Readonly<Record<RejectionForm, (text: string, asked: Asked) => object>> = {
  /** As the shadow service writes its refusals; the token tells clients which request it answers. */
  'code and message': (message, { request }) => {
    const clientToken = memberOf(request, 'clientToken')
    return { code: 501, message, ...(typeof clientToken === 'string' && { clientToken }) }
  },
  /** neighbours N170; the report's id has a long and a short spelling. */
  'Device Defender': (ErrorMessage, { topic, request, nowMs }) => {
    const header = memberOf(request, 'header') ?? memberOf(request, 'hed')
    const reportId = memberOf(header, 'report_id') ?? memberOf(header, 'rid')
    return {
      thingName: topic.split('/')[2],
      ...(typeof reportId === 'number' && { reportId }),
      status: 'REJECTED',
      statusDetails: { ErrorCode: 'NotImplemented', ErrorMessage },
      timestamp: Math.floor(nowMs / 1000),
    }
  },
  /** neighbours N171. */
  'device location': (errorMessage) => ({ errorCode: '501', errorMessage }),
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString())
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
