/**
 * One checked packet to its handler.
 */
import type { BrokerCore } from './broker-core.ts'
import { encodeConnack, pingresp } from './codec/encode.ts'
import type { InboundPacket, PacketFault } from './codec/packets.ts'
import type { Connection } from './connection.ts'
import { acknowledge } from './delivery.ts'
import { clientError, endConnection } from './end-connection.ts'
import { handleConnect } from './handle-connect.ts'
import { handleDisconnect } from './handle-disconnect.ts'
import { handlePublish } from './handle-publish.ts'
import { handleSubscribe } from './handle-subscribe.ts'
import { handleUnsubscribe } from './handle-unsubscribe.ts'
import { reasonCode } from './reason-codes.ts'
import { hints } from './hints.ts'

export function handlePacket(
  core: BrokerCore,
  connection: Connection,
  packet: InboundPacket,
): void {
  if (packet.cmd === 'fault') {
    handleFault(core, connection, packet)
    return
  }
  if (packet.cmd === 'connect') {
    handleConnect(core, connection, packet)
    return
  }
  const { accepted } = connection
  if (accepted === undefined) return
  switch (packet.cmd) {
    case 'publish':
      handlePublish(core, connection, accepted, packet)
      return
    case 'puback':
      acknowledge(core, accepted.session, packet.packetId)
      return
    case 'subscribe':
      handleSubscribe(core, connection, accepted, packet)
      return
    case 'unsubscribe':
      handleUnsubscribe(core, connection, accepted, packet)
      return
    case 'pingreq':
      connection.transport.send(pingresp)
      return
    case 'disconnect':
      handleDisconnect(core, connection, accepted, packet)
      return
    case 'forbidden': {
      const detail = `a ${packet.name}` // gateway G29
      const code = reasonCode.protocolError
      endConnection(core, connection, clientError('MQTT', detail, hints.unsupported, code))
    }
  }
}

function handleFault(core: BrokerCore, connection: Connection, fault: PacketFault): void {
  if (fault.reason === 'PROTOCOL_VERSION') {
    connection.transport.send(encodeConnack(4, 1, false)) // gateway G17
  } else if (
    connection.accepted === undefined &&
    connection.decoder.protocolVersion === 5 &&
    fault.reasonCode === reasonCode.quotaExceeded
  ) {
    // gateway G55: the codes for malformed packets are none of a CONNACK's.
    connection.transport.send(encodeConnack(5, fault.reasonCode, false))
  }
  const tooLarge = fault.reason === 'PAYLOAD_LIMIT_EXCEEDED' // gateway G31
  endConnection(core, connection, {
    reason: 'CLIENT_ERROR',
    code: fault.reasonCode,
    detail: tooLarge ? `PAYLOAD_LIMIT_EXCEEDED: ${fault.detail}` : fault.detail,
    refused: {
      packet: connection.accepted === undefined ? 'CONNECT' : 'MQTT',
      reason: tooLarge ? 'PAYLOAD_LIMIT_EXCEEDED' : 'CLIENT_ERROR',
      detail: fault.detail,
      hint: faultHints[fault.reason],
    },
  })
}

const faultHints: Readonly<Record<PacketFault['reason'], string>> = {
  MALFORMED: hints.malformed,
  NOT_CONNECT: hints.notConnect,
  PAYLOAD_LIMIT_EXCEEDED: hints.payload,
  PROTOCOL_VERSION: hints.protocolVersion,
}
