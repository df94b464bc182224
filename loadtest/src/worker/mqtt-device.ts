/** A device over MQTT that knows what it asked, and comes back when it is cut. */
import { setTimeout as wait } from 'node:timers/promises'
import type { SecureContext } from 'node:tls'
import type { DeviceEndpoint } from '@muster/device'
import {
  FAILURE,
  LeanMqtt,
  machineMs,
  packetTypes,
  pubackIn,
  subackIn,
  type IncomingMessage,
  type LeanMqttListener,
} from '@muster/fleet'
import type { Decision } from '../tally.ts'
import type { Asked, DeviceSurroundings, LoadDevice } from './load-device.ts'
import type { DevicePlan } from './worker-messages.ts'

const QUOTA_EXCEEDED = 0x97
const BACK_OFF_FIRST_MS = 100
const BACK_OFF_MS_MAX = 5000

/** How it connects. */
export interface MqttDeviceOptions {
  readonly endpoint: DeviceEndpoint
  readonly secureContext: () => SecureContext
  readonly localAddress: string | undefined
  /** What it subscribes to whenever it connects; granted before it counts as connected. */
  readonly subscriptions: readonly string[]
}

interface Pending extends Asked {
  /** Answered by a message that bears its token, and not by its PUBACK. */
  readonly byReply: boolean
}

/** One device. */
export class MqttDevice implements LoadDevice, LeanMqttListener {
  readonly plan: DevicePlan
  readonly #around: DeviceSurroundings
  readonly #options: MqttDeviceOptions
  #client: LeanMqtt | undefined
  #context: SecureContext | undefined
  #pending: Map<number, Pending> | undefined
  #isReady = false
  #stays = true
  #attempts = 0
  /** Answers lost when 3.1.1 was cut: denied, if the server is still there; lost with it otherwise. */
  #suspects: Pending[] = []
  #opening: { resolve: (isOpen: boolean) => void; readonly atMs: number } | undefined

  constructor(plan: DevicePlan, options: MqttDeviceOptions, around: DeviceSurroundings) {
    this.plan = plan
    this.#options = options
    this.#around = around
  }

  get isOpen(): boolean {
    return this.#isReady
  }

  get underWay(): number {
    return this.#pending?.size ?? 0
  }

  open(): Promise<boolean> {
    if (this.#isReady) return Promise.resolve(true)
    return new Promise((resolve) => {
      this.#opening = { resolve, atMs: machineMs() }
      this.#stays = true
      if (this.#client === undefined) this.#dial()
    })
  }

  publish(asked: Asked, topic: string, payload: Buffer, qos: 0 | 1 = 1): void {
    const id = this.#client?.publish(topic, payload, qos) ?? 0
    this.#around.tally().sums.messages++
    if (id > 0) this.#remember(id, { ...asked, byReply: false })
  }

  /** Publishes a request whose reply repeats its `clientToken`. */
  request(asked: Asked, topic: string, members: object = {}): void {
    const tally = this.#around.tally()
    // The id that the packet is about to get.
    const clientToken = String(this.#tokens)
    const payload = Buffer.from(JSON.stringify({ ...members, clientToken }))
    this.#client?.publish(topic, payload, 0)
    tally.sums.messages++
    this.#remember(-this.#tokens, { ...asked, byReply: true })
    this.#tokens++
  }
  #tokens = 1

  /** The reply to the request of this token arrived. */
  replied(clientToken: string, got: Decision): void {
    this.#answer(-Number(clientToken), got)
  }

  subscribe(asked: Asked, filter: string): void {
    const id = this.#client?.subscribe([filter]) ?? 0
    this.#around.tally().sums.messages++
    if (id > 0) this.#remember(id, { ...asked, byReply: false })
  }

  /** Cuts the connection, as a bad network does, and lets the device come back at once. */
  cut(): void {
    this.#client?.destroy()
    this.#left()
    this.#giveUp('cut')
    this.#client = undefined
  }

  expire(beforeMs: number): void {
    const tally = this.#around.tally()
    for (const [id, { kind, intendedMs }] of this.#pending ?? []) {
      if (intendedMs >= beforeMs) continue
      this.#pending?.delete(id)
      tally.timedOut(kind)
    }
    if (this.#opening !== undefined && this.#opening.atMs < beforeMs) {
      this.#opening.resolve(false)
      this.#opening = undefined
      this.#client?.destroy()
      this.#client = undefined
    }
  }

  close(): Promise<void> {
    this.#stays = false
    this.#opening?.resolve(false)
    this.#opening = undefined
    this.#left()
    const socket = this.#client?.socket
    this.#client?.end()
    this.#client = undefined
    if (socket === undefined || socket.destroyed) return Promise.resolve()
    return new Promise((resolve) => socket.once('close', () => resolve()))
  }

  // What the client tells.

  connected(client: LeanMqtt): void {
    const { subscriptions } = this.#options
    if (subscriptions.length === 0) this.#ready()
    else {
      client.subscribe(subscriptions)
      this.#around.tally().sums.messages++
    }
  }

  message(_client: LeanMqtt, message: IncomingMessage): void {
    this.#around.message(this, message)
  }

  packet(client: LeanMqtt, type: number, body: Buffer): void {
    if (type === packetTypes.puback) {
      const { messageId, reason } = pubackIn(body)
      this.#answer(messageId, decisionOf(reason))
    } else if (type === packetTypes.suback) {
      const { codes, messageId } = subackIn(body, client.protocolVersion)
      const worst = codes.find((code) => code >= FAILURE) ?? 0
      if (this.#isReady) this.#answer(messageId, decisionOf(worst))
      else if (worst === 0) this.#ready()
      else client.socket.destroy(new Error(`subscription refused with ${worst}`))
    }
  }

  closed(client: LeanMqtt, cause: Error, code?: number): void {
    if (client !== this.#client) return
    const wasReady = this.#isReady
    this.#client = undefined
    this.#left()
    if (wasReady) this.#cutByServer(cause)
    else this.#notOpened(cause, code)
    if (this.#stays) void this.#dialAgain()
  }

  #dial(): void {
    const { endpoint, localAddress, secureContext } = this.#options
    this.#context ??= secureContext()
    const protocolVersion = this.plan.protocol === 'mqtt-5' ? 5 : 4
    const { thingName: clientId } = this.plan
    this.#around.tally().sums.messages++
    this.#client = new LeanMqtt(
      { endpoint, clientId, secureContext: this.#context, protocolVersion, localAddress },
      this,
    )
  }

  async #dialAgain(): Promise<void> {
    const steps = Math.min(this.#attempts, 10)
    const waitMs =
      this.#attempts === 0 ? 0 : Math.min(BACK_OFF_MS_MAX, BACK_OFF_FIRST_MS * 2 ** steps)
    this.#attempts++
    if (waitMs > 0) await wait(waitMs * (0.5 + Math.random() / 2), undefined, { ref: false })
    if (this.#stays && this.#client === undefined) this.#dial()
  }

  #ready(): void {
    this.#isReady = true
    this.#attempts = 0
    this.#around.connected.count++
    this.#settleSuspects(true)
    this.#opening?.resolve(true)
    this.#opening = undefined
    this.#around.opened(this)
  }

  #left(): void {
    if (!this.#isReady) return
    this.#isReady = false
    this.#around.connected.count--
  }

  /** 3.1.1 says a denial by closing (gateway G34, G42): what was to be denied is answered by that. */
  #cutByServer(cause: Error): void {
    const pending = [...(this.#pending?.values() ?? [])]
    this.#pending?.clear()
    const denied = pending.filter(({ expected }) => expected === 'denied')
    if (this.plan.protocol === 'mqtt-3.1.1' && denied.length > 0) {
      for (const asked of denied) this.#count(asked, 'denied')
      for (const { kind, expected } of pending) {
        if (expected === 'allowed')
          this.#around.tally().failed(kind, 'cut by the denial of another')
      }
    } else if (this.plan.protocol === 'mqtt-3.1.1' && pending.length > 0) {
      this.#suspects = pending
    } else {
      for (const { kind } of pending) this.#around.tally().failed(kind, reasonOf(cause))
    }
  }

  #notOpened(cause: Error, code: number | undefined): void {
    this.#settleSuspects(code !== undefined)
    const tally = this.#around.tally()
    if (code === undefined) tally.count(`connect: ${reasonOf(cause)}`)
    else tally.count(`connect refused with ${code}`)
  }

  #settleSuspects(serverIsThere: boolean): void {
    for (const asked of this.#suspects.splice(0)) {
      if (serverIsThere) this.#count(asked, 'denied')
      else this.#around.tally().failed(asked.kind, 'connection lost')
    }
  }

  #giveUp(why: string): void {
    for (const { kind } of this.#pending?.values() ?? []) this.#around.tally().failed(kind, why)
    this.#pending?.clear()
  }

  #remember(id: number, asked: Pending): void {
    this.#pending ??= new Map()
    this.#pending.set(id, asked)
    this.#around.tally().sums.sent++
  }

  #answer(id: number, got: Decision): void {
    const asked = this.#pending?.get(id)
    if (asked === undefined) return
    this.#pending?.delete(id)
    this.#count(asked, got)
  }

  #count({ expected, intendedMs, kind }: Asked, got: Decision): void {
    this.#around.tally().answered(kind, expected, got, machineMs() - intendedMs)
  }
}

function decisionOf(reason: number): Decision {
  if (reason < FAILURE) return 'allowed'
  return reason === QUOTA_EXCEEDED ? 'throttled' : 'denied'
}

/** Few words, whatever the addresses in the message: kinds are counted. */
function reasonOf(cause: Error): string {
  const { code } = cause as { code?: string }
  return code ?? (/the server closed/.test(cause.message) ? 'closed' : cause.message)
}
