/**
 * What the broker asks of the world around it.
 */
import type { DisconnectReason } from './reason-codes.ts'

/** Two times: sessions and messages expire on the clock, sockets on the wall (design decision 8). */
export interface BrokerTime {
  /** Clock time, epoch milliseconds. */
  nowMs(): number
  /** Wall time in milliseconds, any origin, never decreasing. */
  wallMs(): number
}

/** One client's byte stream. */
export interface Transport {
  /** Queues bytes in order; the shell writes them once the turn is committed. */
  send(bytes: Uint8Array): void
  /** Closes after what was sent has left; the broker calls it once and forgets the connection. */
  close(): void
  /** Bytes sent but not yet taken by the operating system. */
  readonly bufferedBytes: number
}

/** The answer to an authorization question. */
export interface Verdict {
  readonly allowed: boolean
  /** Present on denials: where the operator reads why. */
  readonly decisionId?: string
}

/** Decides for one connection (authz section 7). */
export interface ConnectionAuthorizer {
  connect(): Verdict
  publish(topic: string): Verdict
  retainPublish(topic: string): Verdict
  /** `filter` as sent, `$share/…` included (authz G14). */
  subscribe(filter: string): Verdict
  /** Asked for every delivery (authz G5). */
  receive(topic: string, shareFilter?: string): boolean
  release(): void
}

/** What a CONNECT says that identity and policy depend on (authz F14, F15). */
export interface ConnectFacts {
  /** As sent, or as assigned by the server. */
  readonly clientId: string
  readonly protocolVersion: 4 | 5
  readonly connectAttributes: readonly ('PersistentConnect' | 'LastWill')[]
  readonly lastWillTopic: string | undefined
}

/** An accepted principal. */
export interface AuthenticatedClient {
  /** `principalIdentifier` of presence events: certificate id, or the operator's access key. */
  readonly principalId: string
  readonly authorizer: ConnectionAuthorizer
  /** What kind of principal it is, in words of whoever authenticates; told with refusals. */
  readonly principalKind?: string | undefined
  /** Set only for exclusive attachments (gateway G115). */
  readonly thingName?: string
  /** The connection's thing as policy variables know it, exclusive or not (gateway G58, G65). */
  readonly connectionThing?: string
  /** gateway G132: user properties that each of its messages gets, as they are now. */
  readonly userProperties?: () => readonly (readonly [string, string])[] | undefined
}

/** Whether the principal behind a connection may authenticate at all (gateway G8 to G10). */
export type Authentication =
  | { readonly ok: true; readonly client: AuthenticatedClient }
  | {
      readonly ok: false
      /** Server log reason: `DEVICE_CERTIFICATE_NOT_REGISTERED`. */
      readonly reason: string
    }

/** Who is at the other end of a transport; the listener makes one per connection. */
export interface Peer {
  readonly sourceIp: string
  readonly sourcePort: number
  readonly targetIp: string
  readonly targetPort: number
  /** Called once, when a well-formed CONNECT arrives. */
  authenticate(connect: ConnectFacts): Authentication
  /** gateway G12: the connection ends after this, with this reason. */
  readonly lifetime?: { readonly seconds: number; readonly reason: DisconnectReason }
}

/** A publish to a topic of a service, authorized and acknowledged. */
export interface ReservedRequest {
  /** For {@link Broker.replyDirect}. */
  readonly connectionId: string
  readonly clientId: string
  readonly principalId: string
  readonly sourceIp: string
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: 0 | 1
}

/** Takes the publishes to one reserved topic. */
export type ReservedCall = (request: ReservedRequest) => void

/**
 * The services behind reserved topics (gateway G47). Each is asked once for a topic that a client
 * publishes to again and again, and gives what a publish to it calls; undefined for none of its own.
 */
export interface ReservedServices {
  jobs(topic: string): ReservedCall | undefined
  /** Fleet provisioning. */
  provisioning(topic: string): ReservedCall | undefined
  /** Device shadows. */
  shadows(topic: string): ReservedCall | undefined
  /** File delivery by streams. */
  streams(topic: string): ReservedCall | undefined
}

/** Write-through storage of sessions and retained messages. */
export interface Records {
  put(kind: string, key: string, value: string | Uint8Array): void
  delete(kind: string, key: string): void
  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }>
}

/** Something that the operator's log should tell (never the wire, README settled 2). */
export interface BrokerLogEntry {
  readonly event:
    | 'connect.refused'
    | 'connect.accepted'
    | 'publish.denied'
    | 'subscribe.denied'
    | 'client.error'
    | 'disconnected'
  readonly clientId: string | undefined
  readonly principalId: string | undefined
  readonly sourceIp: string
  /** AWS's word where it has one: `PAYLOAD_LIMIT_EXCEEDED`, a {@link DisconnectReason}. */
  readonly reason: string
  /** What was wrong, with the offending topic or filter in it. */
  readonly detail?: string
  readonly decisionId?: string
}

/** The packet that was refused; `DISCONNECT` for a connection that the server ended by itself. */
export type RefusedPacket =
  | 'CONNECT'
  | 'PUBLISH'
  | 'SUBSCRIBE'
  | 'UNSUBSCRIBE'
  | 'DISCONNECT'
  /** No packet, or one that is none of these. */
  | 'MQTT'

/** Something that a client was refused, but for denials by policy. */
export interface BrokerRefusal {
  readonly packet: RefusedPacket
  /** AWS's word: a {@link DisconnectReason}, `PAYLOAD_LIMIT_EXCEEDED`; `NOT_IMPLEMENTED` is ours. */
  readonly reason: string
  /** What was refused, as a noun: `a PUBLISH with QoS 2`. */
  readonly detail: string
  /** What would mend it. */
  readonly hint: string
  readonly clientId: string | undefined
  /** undefined where nobody was authenticated yet. */
  readonly principalId: string | undefined
  /** {@link AuthenticatedClient.principalKind} */
  readonly principalKind?: string | undefined
  readonly thingName: string | undefined
  readonly sourceIp: string
}

/** A connection was accepted, or has ended. */
export interface ConnectionChange {
  readonly clientId: string
  readonly principalId: string
  /** The thing that the connection stands for, exclusive or not. */
  readonly thingName: string | undefined
  readonly sourceIp: string
  /** undefined for one that was accepted. */
  readonly disconnectReason: DisconnectReason | undefined
}

/** What could not be delivered, and to whom. */
export interface UndeliverableMessage {
  readonly clientId: string
  readonly topic: string
}

/** Everything the broker needs. */
export interface BrokerPorts {
  readonly time: BrokerTime
  readonly records: Records
  /** A fresh UUID. */
  uuid(): string
  /** In [0, 1); picks the member of a shared subscription. */
  random(): number
  readonly reserved: ReservedServices
  /** Tells that {@link Broker.nextDueAtMs} or {@link Broker.nextWallDueAtMs} may be earlier now. */
  dueChanged(): void
  /** The text of an MQTT 5 Reason String for a denial; undefined sends none (README settled 2). */
  reasonString?(verdict: Verdict): string | undefined
  /** A client connected or left; `Broker.connectivity` says which. */
  presence?(clientId: string): void
  /** Told of every connection that was accepted, and of its end. */
  connectionChanged?(change: ConnectionChange): void
  log?(entry: BrokerLogEntry): void
  /** Told of every refusal, once. */
  refused?(refusal: BrokerRefusal): void
  /**
   * Told of a message that could not be encoded for a client, a bug or damaged data: that client is
   * disconnected, and others get theirs. Absent: it throws on.
   */
  undeliverable?(cause: unknown, delivery: UndeliverableMessage): void
  /** Told of something due that threw, a bug: the rest of what is due goes on. Absent: it throws on. */
  fault?(cause: unknown): void
}
