/**
 * One device's MQTT connection, kept up: MQTT.js on a mutual-TLS socket, reconnecting with
 * back-off and jitter. Each connection is a fresh client, so nothing of an old one is sent again:
 * what must be repeated is the agent's to decide.
 */
import type { Duplex } from 'node:stream'
import type { CancelAlarm, Clock, Random } from '@muster/clock'
import {
  MqttClient,
  type IClientOptions,
  type IConnackPacket,
  type IDisconnectPacket,
  type IPublishPacket,
} from 'mqtt'
import { backOffMs, RECONNECT_BACK_OFF, type BackOff } from '../back-off.ts'
import type { DeviceEndpoint } from '../endpoint.ts'
import { currentIdentity, type IdentitySource } from '../identity.ts'
import { openTlsSocket, type TlsOptions } from '../tls-socket.ts'
import { LinkWatch, type LinkDown } from './link-watch.ts'

/**
 * AWS takes one CONNECT of a client ID a second and refuses another without a reason (gateway G20):
 * who comes back sooner cannot tell it from a denial.
 */
const connectEveryMs = 1000

/** How a link connects. */
export interface MqttLinkOptions extends TlsOptions {
  readonly endpoint: DeviceEndpoint
  readonly identity: IdentitySource
  readonly clientId: string
  /** 4 is MQTT 3.1.1 (default), 5 is MQTT 5. */
  readonly protocolVersion?: 4 | 5
  /** A persistent session survives disconnection (gateway G23); default `clean`. */
  readonly session?: 'clean' | 'persistent'
  /** MQTT 5 only: how long a persistent session lives on; default 3600. */
  readonly sessionExpirySeconds?: number
  /** AWS takes 30 to 1200 (gateway G21); default 300. */
  readonly keepAliveSeconds?: number
  /** From opening the socket to CONNACK, milliseconds; default 30 000. */
  readonly connectTimeoutMs?: number
  readonly backOff?: BackOff
  /** Time for waits, always wall time: keep-alive and TLS do not follow a faster clock. */
  readonly wallClock: Clock
  readonly random: Random
  /** Opens the socket in place of {@link openTlsSocket}: for faults in between. */
  readonly openSocket?: (open: () => Duplex) => Duplex
}

/** What a link tells its owner. */
export interface MqttLinkListener {
  /** CONNACK accepted. */
  up(sessionPresent: boolean): void
  /** The connection ended or could not be made; another attempt follows unless stopped. */
  down(reason: LinkDown): void
  /** `userProperties` are of MQTT 5; a name that stands there twice has its last value. */
  message(topic: string, payload: Buffer, userProperties: Readonly<Record<string, string>>): void
}

/** Keeps one connection; publish and subscribe fail at once while it is down. */
export class MqttLink {
  readonly #options: MqttLinkOptions
  readonly #listener: MqttLinkListener
  #client: MqttClient | undefined
  #watch: LinkWatch | undefined
  #attempt = 0
  /** When the server had the last CONNECT at the latest. */
  #connectSeenAtMs = -Infinity
  #cancelRetry: CancelAlarm | undefined
  #stopped = true
  #up = false

  constructor(options: MqttLinkOptions, listener: MqttLinkListener) {
    this.#options = options
    this.#listener = listener
  }

  /** Whether the connection stands. */
  get isUp(): boolean {
    return this.#up
  }

  /** Connects, and reconnects until {@link stop}. */
  start(): void {
    this.#stopped = false
    this.#open()
  }

  /**
   * Publishes; resolves on PUBACK for QoS 1, and when it is written for QoS 0.
   *
   * @param userProperties - over MQTT 5
   * @throws Error when the connection is down, ends first, or the server refuses (MQTT 5)
   */
  async publish(
    topic: string,
    payload: string | Buffer,
    qos: 0 | 1 = 1,
    userProperties?: Readonly<Record<string, string>>,
  ): Promise<void> {
    const client = this.#client
    if (client === undefined || !this.#up) throw new Error('connection is down')
    // Nothing answers QoS 0: it tells nothing of the connection.
    if (qos === 1) this.#watch?.requestSent(`publish ${topic}`)
    const isFive = this.#options.protocolVersion === 5 && userProperties !== undefined
    const properties = isFive ? { properties: { userProperties: { ...userProperties } } } : {}
    await client.publishAsync(topic, payload, { qos, ...properties })
    if (qos === 1) this.#answered(`publish ${topic}`)
  }

  /**
   * Subscribes with QoS 1.
   *
   * @throws Error when the connection is down, ends first, or a filter is refused
   */
  async subscribe(filters: readonly string[]): Promise<void> {
    const client = this.#client
    if (client === undefined || !this.#up) throw new Error('connection is down')
    this.#watch?.requestSent(`subscribe ${filters.join(' ')}`)
    await client.subscribeAsync([...filters], { qos: 1 })
    this.#answered(`subscribe ${filters.join(' ')}`)
  }

  /** Only a connection that was of use ends the growth of the waits. */
  #answered(request: string): void {
    this.#watch?.requestAnswered(request)
    this.#attempt = 0
  }

  /** Cuts the connection without DISCONNECT, as a crash or lost signal would; it comes back. */
  drop(): void {
    this.#client?.stream.destroy()
  }

  /**
   * Stays away.
   *
   * @param graceful - sends DISCONNECT, so that no will is published; else just closes the socket
   */
  async stop(graceful = true): Promise<void> {
    this.#stopped = true
    this.#cancelRetry?.()
    const client = this.#client
    if (client === undefined) return
    const closed = new Promise<void>((resolve) => client.once('close', resolve))
    if (graceful && this.#up) client.end()
    else client.end(true)
    await closed
  }

  #open(): void {
    const { endpoint, identity, openSocket } = this.#options
    const watch = new LinkWatch()
    this.#watch = watch
    const open = (): Duplex =>
      watch.socket(
        openTlsSocket(
          endpoint,
          endpoint.mqttPort ?? 8883,
          currentIdentity(identity),
          this.#options,
        ),
      )
    let client: MqttClient
    try {
      client = new MqttClient(
        () => (openSocket === undefined ? open() : openSocket(open)) as never,
        this.#clientOptions(),
      )
    } catch (cause) {
      this.#ended(watch.down(cause instanceof Error ? cause : new Error(String(cause))))
      return
    }
    this.#client = client
    client.on('error', (error) => watch.failed(error))
    client.on('disconnect', (packet: IDisconnectPacket) => watch.disconnected(packet.reasonCode))
    client.on('connect', (connack: IConnackPacket) => {
      watch.accepted()
      this.#connectSeenAtMs = this.#options.wallClock.nowMs()
      this.#up = true
      this.#listener.up(connack.sessionPresent)
    })
    client.on('message', (topic, payload, { properties }) =>
      this.#listener.message(topic, payload, lastOfEach(properties)),
    )
    client.once('close', () => {
      if (this.#client !== client) return
      client.end(true)
      this.#client = undefined
      this.#ended(watch.down())
    })
  }

  #ended(reason: LinkDown): void {
    this.#up = false
    this.#watch = undefined
    if (reason.kind === 'refused') this.#connectSeenAtMs = this.#options.wallClock.nowMs()
    if (!this.#stopped) {
      this.#cancelRetry = this.#options.wallClock.setAlarm(this.#retryAtMs(), () => this.#open())
    }
    this.#listener.down(reason)
  }

  #retryAtMs(): number {
    const { wallClock, random, backOff = RECONNECT_BACK_OFF } = this.#options
    const attempt = this.#attempt++
    const shortestMs = backOffMs(backOff, attempt, 1)
    const soonestMs = this.#connectSeenAtMs + Math.min(connectEveryMs, backOff.firstMs)
    // The waits begin later instead of being cut off, so that chance still spreads the fleet.
    const fromMs = Math.max(wallClock.nowMs(), soonestMs - shortestMs)
    return fromMs + backOffMs(backOff, attempt, random())
  }

  #clientOptions(): IClientOptions {
    const {
      clientId,
      protocolVersion = 4,
      session = 'clean',
      sessionExpirySeconds = 3600,
      keepAliveSeconds = 300,
      connectTimeoutMs = 30_000,
    } = this.#options
    return {
      clientId,
      protocolVersion,
      clean: session === 'clean',
      keepalive: keepAliveSeconds,
      connectTimeout: connectTimeoutMs,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...(protocolVersion === 5 && session === 'persistent'
        ? { properties: { sessionExpiryInterval: sessionExpirySeconds } }
        : {}),
    }
  }
}

const NONE: Readonly<Record<string, string>> = {}

function lastOfEach(properties: IPublishPacket['properties']): Readonly<Record<string, string>> {
  if (properties?.userProperties === undefined) return NONE
  return Object.fromEntries(
    Object.entries(properties.userProperties).map(([name, value]) => [
      name,
      Array.isArray(value) ? (value.at(-1) ?? '') : value,
    ]),
  )
}
