/**
 * MQTT 5 reason codes that AWS IoT Core uses (gateway G36, G42, G45, G55).
 */
export const reasonCode = {
  success: 0,
  disconnectWithWill: 4,
  unspecifiedError: 128,
  malformedPacket: 129,
  protocolError: 130,
  clientIdentifierNotValid: 133,
  badUserNameOrPassword: 134,
  notAuthorized: 135,
  serverShuttingDown: 139,
  keepAliveTimeout: 141,
  sessionTakenOver: 142,
  topicFilterInvalid: 143,
  topicNameInvalid: 144,
  packetIdentifierInUse: 145,
  receiveMaximumExceeded: 147,
  topicAliasInvalid: 148,
  quotaExceeded: 151,
  administrativeAction: 152,
  qosNotSupported: 155,
  subscriptionIdentifiersNotSupported: 161,
} as const

/** What a client may say in a DISCONNECT (MQTT 5 table 3-10). */
export const clientDisconnectCodes: ReadonlySet<number> = new Set([
  0, 4, 128, 129, 130, 131, 144, 147, 148, 149, 150, 151, 152, 153,
])

/** What a PUBACK may say (MQTT 5 table 3-4). */
export const pubackCodes: ReadonlySet<number> = new Set([0, 16, 128, 131, 135, 144, 145, 151, 153])

/** The byte that goes on the wire. */
export type ReasonCode = (typeof reasonCode)[keyof typeof reasonCode]

/** Why a connection ended, in presence events and the connections API (gateway G117). */
export type DisconnectReason =
  | 'AUTH_ERROR'
  | 'CLIENT_INITIATED_DISCONNECT'
  | 'CLIENT_ERROR'
  | 'CONNECTION_LOST'
  | 'DUPLICATE_CLIENTID'
  | 'FORBIDDEN_ACCESS'
  | 'MQTT_KEEP_ALIVE_TIMEOUT'
  | 'SERVER_ERROR'
  | 'SERVER_INITIATED_DISCONNECT'
  | 'API_INITIATED_DISCONNECT'
  | 'THROTTLED'
  | 'WEBSOCKET_TTL_EXPIRATION'
  | 'CUSTOMAUTH_TTL_EXPIRATION'
