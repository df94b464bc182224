/**
 * Sizes and counts that AWS IoT Core enforces; always on (gateway section 8, G123).
 */
export const limits = {
  /** gateway G18, UTF-8 bytes. */
  clientIdBytesMax: 128,
  /** gateway G30, UTF-8 bytes. */
  topicBytesMax: 256,
  /** gateway G30: eight levels. */
  topicSlashesMax: 7,
  /** gateway G31. */
  payloadBytesMax: 131_072,
  /** gateway G31, A19: a whole MQTT 5 packet; 3.1.1 is held to the same. */
  packetBytesMax: 149_504,
  /** gateway G52: a client that accepts less is refused. */
  clientPacketBytesMin: 512,
  /** gateway G41. */
  filtersPerPacketMax: 8,
  /** gateway G41. */
  subscriptionsPerSessionMax: 50,
  /** gateway G44. */
  shareNameCharactersMax: 128,
  /** gateway G44. */
  sharedGroupsMax: 100,
  /** gateway G44. */
  subscriptionsPerSharedGroupMax: 100,
  /** gateway G21. */
  keepAliveSecondsMin: 30,
  /** gateway G21. */
  keepAliveSecondsMax: 1200,
  /** gateway G23: what a 3.1.1 session lives and a 5 session may ask. */
  sessionExpirySecondsMax: 3600,
  /** gateway G27, each way. */
  inflightMax: 100,
  /** gateway G51, G52. */
  topicAliasMax: 8,
  /** gateway G53. */
  contentTypeBytesMax: 256,
  /** gateway G53. */
  correlationDataBytesMax: 8192,
  /** gateway G53: names and values of one packet together. */
  userPropertiesBytesMax: 8192,
  /** gateway G54. */
  messageExpirySecondsMax: 604_800,
  /** gateway G24: stored messages to one client, per second. */
  storedDeliveriesPerSecond: 10,
  /** gateway G24: the same when the message came by a shared subscription. */
  storedSharedDeliveriesPerSecond: 20,
  /** gateway G26: how long an unacknowledged delivery may be repeated. */
  retryWindowMsV3: 3_600_000,
  retryWindowMsV5: 960_000,
  /** gateway G65: how long the API remembers a closed connection. */
  connectionMemoryMs: 1_800_000,
  /** gateway G80, G116, A16: how long a client without session is known at all. */
  clientMemoryMs: 3_600_000,
} as const

/** Bounds of a whole account, as in a large region, and of our own that keep one client in its place. */
export interface BrokerBounds {
  /** Concurrent connections (gateway section 8). */
  readonly connectionsMax: number
  /** Subscriptions of all sessions together (gateway section 8). */
  readonly subscriptionsMax: number
  /** gateway G39. */
  readonly retainedMessagesMax: number
  /** A connection that says nothing is closed after this. */
  readonly connectTimeoutMs: number
  /** Packets of one connection taken in one turn, so that nobody waits for a client's whole burst. */
  readonly packetsPerTurnMax: number
  /** Unsent bytes on one connection above which QoS 0 is dropped and QoS 1 waits in the session. */
  readonly bufferedBytesMax: number
  /**
   * Messages that wait in one session; above it a live client is disconnected. An observer of a
   * whole fleet gets as many at once as a sweep over it makes.
   */
  readonly queuedMessagesMax: number
  /** Their bytes, topics and properties included. */
  readonly queuedBytesMax: number
  /** Deliveries of all sessions that wait or are in flight; above it nothing more waits. */
  readonly accountDeliveriesMax: number
  /** Bytes of their messages, each counted once. */
  readonly accountBytesMax: number
  /**
   * Clients without session that are remembered after they left; above it who left first is forgotten.
   * Client identifiers are the clients' to choose: an hour of new ones, a thousand a second, would be
   * gigabytes. So many are some 50 MB, and a fleet that leaves as one is remembered whole.
   */
  readonly departedClientsMax: number
  /** Whether AWS's rate quotas are enforced; sizes and counts always are (gateway G123). */
  readonly rateQuotas: 'none' | 'aws'
  /** Return code for a 3.1.1 CONNECT that may not be; undefined: a bare close (gateway A2). */
  readonly refusedConnack: 5 | 7 | undefined
}

export const defaultBounds: BrokerBounds = {
  connectionsMax: 500_000,
  subscriptionsMax: 500_000,
  retainedMessagesMax: 500_000,
  connectTimeoutMs: 30_000,
  packetsPerTurnMax: 64,
  bufferedBytesMax: 1_048_576,
  queuedMessagesMax: 50_000,
  queuedBytesMax: 16_777_216,
  accountDeliveriesMax: 1_000_000,
  accountBytesMax: 536_870_912,
  departedClientsMax: 100_000,
  rateQuotas: 'none',
  refusedConnack: undefined,
}
