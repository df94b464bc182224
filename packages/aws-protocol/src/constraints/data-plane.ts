/** Constraints of the `iotdata` service's input structures, shadows excepted. */
import type { ServiceConstraints } from '../constraint.ts'
import { anyOf, text, whole } from './build.ts'

export const dataPlane: ServiceConstraints<'iotdata'> = {
  DeleteConnectionRequest: {
    clientId: text(1, 128, /^[^$]/u),
  },
  GetConnectionRequest: {
    clientId: text(1, 128, /^[^$]/u),
  },
  ListRetainedMessagesRequest: {
    maxResults: whole(1, 200),
  },
  ListSubscriptionsRequest: {
    clientId: text(1, 128, /^[^$]/u),
    maxResults: whole(1, 200),
  },
  PublishRequest: {
    qos: whole(0, 1),
    payloadFormatIndicator: anyOf('UNSPECIFIED_BYTES', 'UTF8_DATA'),
    messageExpiry: whole(),
  },
  SendDirectMessageRequest: {
    clientId: text(1, 128, /^[^$]/u),
    timeout: whole(),
    payloadFormatIndicator: anyOf('UNSPECIFIED_BYTES', 'UTF8_DATA'),
  },
}
