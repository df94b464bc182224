/** Constraints of the `iotdata` service's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import { anyOf, text, whole } from './build.ts'
import { shadowName, thingName } from './shapes.ts'

export const dataPlane: ServiceConstraints<'iotdata'> = {
  DeleteConnectionRequest: {
    clientId: text(1, 128, /^[^$]/u),
  },
  DeleteThingShadowRequest: { thingName, shadowName },
  GetConnectionRequest: {
    clientId: text(1, 128, /^[^$]/u),
  },
  GetThingShadowRequest: { thingName, shadowName },
  ListNamedShadowsForThingRequest: {
    thingName,
    pageSize: whole(1, 100),
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
  UpdateThingShadowRequest: { thingName, shadowName },
}
