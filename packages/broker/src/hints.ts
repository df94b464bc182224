/**
 * What mends the faults of clients, for the operator: each begins with what to do.
 */
export const hints = {
  absentFeature:
    'leave the feature out here: the publish was acknowledged as on AWS, and nothing came of it',
  alias: 'give each topic alias its topic first, with a number from 1 to 8',
  authentication: 'leave enhanced authentication out: a certificate or SigV4 identifies the client',
  clientId: 'use a client identifier of 1 to 128 bytes that does not begin with `$`',
  connectTimeout: 'send CONNECT right after the TLS handshake',
  connections: 'open connections more slowly, and fewer of them',
  deactivated: 'activate the certificate again, or give the device another one',
  disconnectExpiry: 'ask for a Session Expiry Interval in CONNECT, not only in DISCONNECT',
  emptyClientId: 'give the persistent session a client identifier, or connect with Clean Session',
  filter: 'use at most 256 bytes and seven slashes, `+` for a whole level and `#` for the last',
  filters: 'name at most 8 filters in one packet; several packets may follow each other',
  keepAlive:
    'send PINGREQ within the keep-alive time; a device that sleeps needs a longer one, up to 1200 s',
  malformed: 'check the MQTT library and what lies between: the bytes are no MQTT at this point',
  notConnect:
    'speak MQTT here and send CONNECT first; HTTPS has a port of its own, or ALPN x-amzn-http-ca',
  packetSize: 'accept packets of at least 512 bytes (Maximum Packet Size)',
  payload: 'send at most 131072 bytes of payload in one message',
  protocolVersion: 'connect with MQTT 3.1.1 (level 4) or MQTT 5 (level 5)',
  publishRate: 'publish more slowly: 100 messages a second on one connection',
  qos2: 'use QoS 0 or 1: AWS IoT Core has no QoS 2',
  reservedTopic:
    'use a topic that does not begin with `$`, or one that AWS documents and lets clients use so',
  retainReserved: 'publish without RETAIN: reserved topics are calls, nothing is kept of them',
  retained: 'clear retained messages that are needed no more: publish empty ones with RETAIN',
  secondConnect: 'send CONNECT once on a connection',
  sharedNoLocal: 'subscribe to a shared subscription without No Local',
  slow: 'take messages faster, or subscribe to fewer: what waits for one client is bounded',
  subscribeRate: 'subscribe more slowly',
  subscribeOnly: 'publish to the topic of the request: this one is the service’s to publish to',
  subscriptionId: 'subscribe without a subscription identifier: AWS IoT Core supports none',
  subscriptions: 'unsubscribe from what is needed no more: 50 subscriptions a connection',
  takeover:
    'give every connection a client identifier of its own; a client that reconnects may ignore this',
  topic: 'use a topic of at most 256 bytes and seven slashes, without `+` and `#`',
  unsupported: 'send only what AWS IoT Core supports: QoS 0 and 1, no AUTH',
  will: 'use a will topic that clients may publish to, and QoS 0 or 1',
} as const
