/** The tail that PUBACK and DISCONNECT share in MQTT 5: a reason code, then properties, then nothing. */
import { reasonCode } from '../reason-codes.ts'
import type { ByteReader } from './byte-reader.ts'
import type { PacketFault } from './packets.ts'
import { propertyListFault } from './property-list.ts'

/**
 * What is wrong with the tail; both parts may be left out.
 *
 * @param reader - where the reason code would be
 * @param codes - those that a client may send in this packet
 */
export function codedFault(
  reader: ByteReader,
  packet: 'PUBACK' | 'DISCONNECT',
  codes: ReadonlySet<number>,
): PacketFault | undefined {
  if (reader.position === reader.end) return undefined
  const code = reader.byte()
  if (!codes.has(code)) return fault(`a ${packet} with reason code ${code}`)
  if (reader.position === reader.end) return undefined
  const refused = propertyListFault(reader, packet)
  if (refused !== undefined) return refused
  return reader.position === reader.end ? undefined : fault(`bytes after the ${packet}`)
}

function fault(detail: string): PacketFault {
  return { cmd: 'fault', reasonCode: reasonCode.malformedPacket, reason: 'MALFORMED', detail }
}
