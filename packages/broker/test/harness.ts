/**
 * A broker with clients on in-memory transports: packets written and read by mqtt-packet, time
 * moved by hand, every authorization question answered by a table.
 */
import { generate, parser, type Packet } from 'mqtt-packet'
import {
  Broker,
  type BrokerBounds,
  type BrokerConnection,
  type BrokerLogEntry,
  type BrokerPorts,
  type BrokerRefusal,
  type ConnectFacts,
  type Peer,
  type Records,
  type ReservedRequest,
  type Transport,
} from '@muster/broker'

/** Answers by `action` or `action topic`; absent: allowed. */
export type Denials = Set<string>

export class MapRecords implements Records {
  readonly kinds: Map<string, Map<string, string | Uint8Array>> = new Map()

  put(kind: string, key: string, value: string | Uint8Array): void {
    let records = this.kinds.get(kind)
    if (records === undefined) this.kinds.set(kind, (records = new Map()))
    records.set(key, value)
  }

  delete(kind: string, key: string): void {
    this.kinds.get(kind)?.delete(key)
  }

  *load(kind: string): Iterable<{ key: string; value: string | Uint8Array }> {
    for (const [key, value] of this.kinds.get(kind) ?? []) yield { key, value }
  }

  size(kind: string): number {
    return this.kinds.get(kind)?.size ?? 0
  }
}

export interface World {
  readonly broker: Broker
  readonly records: MapRecords
  readonly denials: Denials
  readonly requests: ReservedRequest[]
  /** What the operator was told of refusals. */
  readonly refusals: BrokerRefusal[]
  readonly log: BrokerLogEntry[]
  readonly connects: ConnectFacts[]
  random: () => number
  /** Moves clock and wall together, running what is due on the way. */
  advance(ms: number): void
  /** Moves the wall alone, as with a virtual clock that stands. */
  advanceWall(ms: number): void
  nowMs(): number
  client(protocolVersion?: 4 | 5, peer?: Partial<Peer>): TestClient
  /** A client that is connected. */
  connected(clientId: string, options?: ConnectOptions): TestClient
  /** The same records and time under a new broker, as after a restart. */
  restart(): World
}

export interface ConnectOptions {
  readonly protocolVersion?: 4 | 5
  readonly clean?: boolean
  readonly keepalive?: number
  readonly will?: {
    topic: string
    payload: string
    qos?: 0 | 1 | 2
    retain?: boolean
    properties?: Record<string, unknown>
  }
  readonly properties?: Record<string, unknown>
}

export interface WorldOptions {
  readonly records?: MapRecords
  readonly startMs?: number
  readonly bounds?: Partial<BrokerBounds>
  readonly ports?: Partial<BrokerPorts>
}

export function world(options: WorldOptions = {}): World {
  const records = options.records ?? new MapRecords()
  let nowMs = options.startMs ?? 1_700_000_000_000
  let wallMs = 1000
  const denials: Denials = new Set()
  const requests: ReservedRequest[] = []
  const refusals: BrokerRefusal[] = []
  const call = (request: ReservedRequest): void => {
    requests.push(request)
  }
  const log: BrokerLogEntry[] = []
  const connects: ConnectFacts[] = []
  let uuids = 0
  const made: World = {
    broker: undefined as unknown as Broker,
    records,
    denials,
    requests,
    refusals,
    log,
    connects,
    random: () => 0,
    advance: (ms) => {
      const until = wallMs + ms
      for (;;) {
        const wallStep = (made.broker.nextWallDueAtMs() ?? Infinity) - wallMs
        const clockStep = (made.broker.nextDueAtMs() ?? Infinity) - nowMs
        const step = Math.max(0, Math.min(wallStep, clockStep, until - wallMs))
        wallMs += step
        nowMs += step
        made.broker.runDue()
        if (wallMs >= until) return
      }
    },
    advanceWall: (ms) => {
      const until = wallMs + ms
      for (;;) {
        const wallStep = (made.broker.nextWallDueAtMs() ?? Infinity) - wallMs
        wallMs += Math.max(0, Math.min(wallStep, until - wallMs))
        made.broker.runDue()
        if (wallMs >= until) return
      }
    },
    nowMs: () => nowMs,
    client: (protocolVersion = 4, peer = {}) => new TestClient(made, protocolVersion, peer),
    connected: (clientId, connectOptions = {}) => {
      const client = made.client(connectOptions.protocolVersion ?? 4)
      client.connect(clientId, connectOptions)
      const connack = client.packets[0]
      if (connack?.cmd !== 'connack') throw new Error(`no CONNACK for \`${clientId}\``)
      client.packets.length = 0
      return client
    },
    restart: () => world({ ...options, records, startMs: nowMs }),
  }
  Object.assign(made, {
    broker: new Broker(
      {
        time: { nowMs: () => nowMs, wallMs: () => wallMs },
        records,
        uuid: () => `uuid-${uuids++}`,
        random: () => made.random(),
        reserved: {
          jobs: () => call,
          provisioning: () => call,
          shadows: () => call,
          streams: () => call,
        },
        dueChanged: () => {},
        log: (entry) => log.push(entry),
        refused: (refusal) => refusals.push(refusal),
        ...options.ports,
      },
      options.bounds,
    ),
  })
  return made
}

export class TestClient {
  readonly world: World
  readonly protocolVersion: 4 | 5
  readonly packets: Packet[] = []
  readonly connection: BrokerConnection
  /** The broker closed the transport. */
  closed = false
  /** What the transport says it holds. */
  bufferedBytes = 0
  /** Writes of the broker; each is one packet. */
  sends = 0
  /** Sees each write as bytes. */
  onBytes: ((bytes: Uint8Array) => void) | undefined
  readonly #parser: ReturnType<typeof parser>

  constructor(of: World, protocolVersion: 4 | 5, peer: Partial<Peer>) {
    this.world = of
    this.protocolVersion = protocolVersion
    this.#parser = parser({ protocolVersion })
    this.#parser.on('packet', (packet) => this.packets.push(packet))
    this.#parser.on('error', (cause: unknown) => {
      throw cause
    })
    const transport: Transport = {
      send: (bytes) => {
        if (this.closed) throw new Error('sent after close')
        this.sends++
        this.onBytes?.(bytes)
        this.#parser.parse(Buffer.from(bytes))
      },
      close: () => {
        this.closed = true
      },
      bufferedBytes: 0,
    }
    Object.defineProperty(transport, 'bufferedBytes', { get: () => this.bufferedBytes })
    this.connection = of.broker.open(transport, {
      sourceIp: '192.0.2.7',
      sourcePort: 40_000,
      targetIp: '192.0.2.1',
      targetPort: 8883,
      authenticate: (connect) => {
        of.connects.push(connect)
        return {
          ok: true,
          client: { principalId: 'cert-1', authorizer: authorizer(of, connect) },
        }
      },
      ...peer,
    })
  }

  connect(clientId: string, options: ConnectOptions = {}): this {
    const { clean = true, keepalive = 60, will, properties } = options
    return this.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: this.protocolVersion,
      clientId,
      clean,
      keepalive,
      ...(will === undefined ? {} : { will }),
      ...(properties === undefined ? {} : { properties }),
    })
  }

  send(packet: Packet): this {
    return this.raw(generate(packet, { protocolVersion: this.protocolVersion }))
  }

  raw(bytes: Uint8Array): this {
    this.connection.receive(bytes)
    return this
  }

  publish(
    topic: string,
    payload: string | Buffer = 'x',
    more: { qos?: 0 | 1 | 2; retain?: boolean; messageId?: number; properties?: object } = {},
  ): this {
    const { qos = 0, retain = false, messageId = 1, properties } = more
    return this.send({
      cmd: 'publish',
      topic,
      payload,
      qos,
      retain,
      dup: false,
      ...(qos > 0 ? { messageId } : {}),
      ...(properties === undefined ? {} : { properties }),
    })
  }

  subscribe(
    ...filters: (
      | string
      | { topic: string; qos: 0 | 1 | 2; nl?: boolean; rap?: boolean; rh?: number }
    )[]
  ): this {
    return this.send({
      cmd: 'subscribe',
      messageId: 10,
      subscriptions: filters.map((one) =>
        typeof one === 'string' ? { topic: one, qos: 1 as const } : one,
      ),
    })
  }

  /** Takes what came since the last call, one short line a packet. */
  take(): string[] {
    return this.packets.splice(0).map(line)
  }

  /** As {@link take}, acknowledging QoS 1 deliveries. */
  takeAndAck(): string[] {
    const taken: string[] = []
    while (this.packets.length > 0) {
      const packet = this.packets.shift() as Packet
      taken.push(line(packet))
      if (packet.cmd === 'publish' && packet.qos === 1) {
        this.send({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 })
      }
    }
    return taken
  }
}

/** One packet as a test reads it: `publish a/b 1 hello`, `suback 0 1 128`. */
export function line(packet: Packet): string {
  switch (packet.cmd) {
    case 'connack': {
      const code = packet.reasonCode ?? packet.returnCode
      return `connack ${code}${packet.sessionPresent ? ' present' : ''}`
    }
    case 'publish':
      return `publish ${packet.topic} ${packet.qos}${packet.retain ? ' retain' : ''} ${packet.payload.toString()}`
    case 'suback':
      return `suback ${packet.granted.join(' ')}`
    case 'unsuback':
      return `unsuback ${(packet.granted ?? []).join(' ')}`.trimEnd()
    case 'puback':
      return `puback ${packet.reasonCode ?? 0}`
    case 'disconnect':
      return `disconnect ${packet.reasonCode}`
    default:
      return packet.cmd
  }
}

function authorizer(of: World, connect: ConnectFacts) {
  const ask = (action: string, topic: string) => {
    const denied =
      of.denials.has(action) ||
      of.denials.has(`${action} ${topic}`) ||
      of.denials.has(`${connect.clientId} ${action} ${topic}`)
    return denied ? { allowed: false, decisionId: `${action}:${topic}` } : { allowed: true }
  }
  return {
    connect: () => ask('connect', connect.clientId),
    publish: (topic: string) => ask('publish', topic),
    retainPublish: (topic: string) => ask('retainPublish', topic),
    subscribe: (filter: string) => ask('subscribe', filter),
    receive: (topic: string) => {
      const verdict = ask('receive', topic)
      return verdict.allowed
    },
    release: () => {},
  }
}
