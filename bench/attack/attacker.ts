/**
 * Clients that mean ill, in a process of their own. Bounded in number, and gone when the time is
 * over; the parent sets the pace.
 */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { LeanMqtt } from '@muster/fleet'
import { generate } from 'mqtt-packet'
import { topics, type BenchDevice, type Fleet } from '../gateway/devices.ts'
import { connectTo, trustBrokers } from '../gateway/lean-client.ts'
import { fuzzedPackets, malformed } from './malformed-packets.ts'

/**
 * `split`: registered devices send fuzzed packets byte by byte. `handshakes`: each malformed packet
 * comes whole, on a connection of its own. With both, TLS handshakes stay half open, devices ask and
 * do not read, and connections say nothing.
 */
export type Manner = 'split' | 'handshakes'

/** From the parent: begin, go on at another pace, stop. */
export type AttackOrder =
  | {
      readonly kind: 'attack'
      readonly manner: Manner
      readonly port: number
      readonly devices: readonly [number, number]
      readonly actionsPerSecond: number
    }
  | { readonly kind: 'pace'; readonly actionsPerSecond: number }
  | { readonly kind: 'stop' }

const halfOpenMax = 100
const sessionsMax = 16
const slowReadersMax = 8
const silentMax = 20

const fleet = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fleet
trustBrokers(fleet.caPem)
/** A ClientHello's record header and nothing of what it announces. */
const halfHello = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])

let attack: Attack | undefined
process.on('message', (order: AttackOrder) => {
  if (order.kind === 'attack') attack = new Attack(order)
  else if (order.kind === 'pace') attack?.setPace(order.actionsPerSecond)
  else {
    attack?.stop()
    attack = undefined
    process.send?.({ kind: 'stopped' })
  }
})
process.send?.({ kind: 'ready' })

/** A device that is about to send what is left of a packet. */
interface Splitting {
  readonly client: LeanMqtt
  ready: boolean
  rest: Buffer
}

class Attack {
  readonly #port: number
  readonly #devices: readonly BenchDevice[]
  readonly #splits: boolean
  readonly #contexts = new Map<string, SecureContext>()
  readonly #halfOpen: Socket[] = []
  readonly #silent: Socket[] = []
  readonly #slow: LeanMqtt[] = []
  readonly #splitting: Splitting[] = []
  readonly #fuzzed = fuzzedPackets(7)
  #actionsPerSecond: number
  #nextAtMs = performance.now()
  #stopped = false
  #actions = 0
  #sessions = 0

  constructor({
    port,
    devices,
    manner,
    actionsPerSecond,
  }: AttackOrder & { readonly kind: 'attack' }) {
    this.#port = port
    this.#devices = fleet.devices.slice(...devices)
    this.#splits = manner === 'split'
    this.#actionsPerSecond = actionsPerSecond
    for (let at = 0; at < silentMax; at++) {
      this.#silent.push(connect(port, '127.0.0.1').on('error', () => {}))
    }
    this.#loop()
  }

  setPace(actionsPerSecond: number): void {
    this.#actionsPerSecond = actionsPerSecond
  }

  stop(): void {
    this.#stopped = true
    for (const socket of [...this.#halfOpen, ...this.#silent]) socket.destroy()
    for (const client of this.#slow) client.socket.destroy()
    for (const { client } of this.#splitting) client.socket.destroy()
  }

  /**
   * Attackers know nothing of each other: the time from one action to the next is that of a Poisson
   * process. A timer would have several act at once, every few milliseconds. What this core did not
   * allow in time is not caught up with, or it would come all together.
   */
  #loop(): void {
    if (this.#stopped) return
    const nowMs = performance.now()
    if (nowMs >= this.#nextAtMs) {
      this.#nextAtMs = nowMs - (Math.log(1 - Math.random()) * 1000) / this.#actionsPerSecond
      this.#act()
    }
    setImmediate(() => this.#loop())
  }

  #act(): void {
    this.#actions++
    const turn = this.#actions % 4
    if (turn % 2 === 0) this.#askWithoutReading()
    else if (turn === 1) this.#openHalf()
    else if (this.#splits) this.#sendByte()
    else this.#sendMalformed()
  }

  #openHalf(): void {
    const socket = connect(this.#port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(halfHello)
    this.#halfOpen.push(socket)
    if (this.#halfOpen.length > halfOpenMax) this.#halfOpen.shift()?.destroy()
  }

  /** One byte of a fuzzed packet, each in a TLS record and a turn of its own. */
  #sendByte(): void {
    const at = Math.floor(this.#actions / 4) % sessionsMax
    const known = this.#splitting[at]
    if (known === undefined || known.client.socket.destroyed) {
      const client = this.#client(at, () => (opened.ready = true))
      const opened: Splitting = { client, ready: false, rest: this.#fuzzed() }
      this.#splitting[at] = opened
    } else if (known.ready) {
      known.client.write(known.rest.subarray(0, 1))
      known.rest = known.rest.length === 1 ? this.#fuzzed() : known.rest.subarray(1)
    }
  }

  #sendMalformed(): void {
    if (this.#sessions >= sessionsMax) return
    this.#sessions++
    const bytes = malformed[Math.floor(this.#actions / 4) % malformed.length] ?? halfHello
    const client = this.#client(this.#actions, () => client.write(bytes))
    client.socket.once('close', () => {
      this.#sessions--
    })
    setTimeout(() => client.socket.destroy(), 1000)
  }

  /** Requests whose answers nobody takes, five at a time; the last devices do it. */
  #askWithoutReading(): void {
    const at = (this.#actions / 2) % slowReadersMax
    const known = this.#slow[at]
    if (known === undefined || known.socket.destroyed) {
      this.#slow[at] = this.#client(-1 - at, () => this.#slow[at]?.socket.pause())
      return
    }
    if (known.socket.writableLength > 65_536) return
    const topic = topics.jobsRequest(known.clientId)
    const payload = Buffer.from('{}')
    const ask = generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false })
    known.write(Buffer.concat(Array.from({ length: 5 }, () => ask)))
  }

  #client(at: number, connected: () => void): LeanMqtt {
    const among = this.#devices.length - slowReadersMax
    const device = at < 0 ? this.#devices.at(at) : this.#devices[at % among]
    if (device === undefined) throw new Error('no devices')
    let context = this.#contexts.get(device.thingName)
    context ??= createSecureContext({ cert: device.certificatePem, key: device.privateKeyPem })
    this.#contexts.set(device.thingName, context)
    const clientId = device.thingName
    const options = { port: this.#port, clientId, secureContext: context, onPacket: (): void => {} }
    return connectTo(options, connected, () => {})
  }
}
