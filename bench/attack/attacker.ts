/**
 * Clients that mean ill, in a process of their own: registered devices that send malformed packets,
 * connections that never finish their handshake, devices that ask and do not read. Bounded in
 * number, and gone when the time is over; the parent sets the pace.
 */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { generate } from 'mqtt-packet'
import { topics, type BenchDevice, type Fleet } from '../gateway/devices.ts'
import { LeanClient } from '../gateway/lean-client.ts'

/** From the parent: begin, go on at another pace, stop. */
export type AttackOrder =
  | { readonly kind: 'attack'; readonly port: number; readonly devices: readonly [number, number] }
  | { readonly kind: 'pace'; readonly actionsPerSecond: number }
  | { readonly kind: 'stop' }

const tickMs = 2
const halfOpenMax = 100
const sessionsMax = 16
const slowReadersMax = 8

const fleet = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Fleet
/** Not MQTT, MQTT that no client may send, and lengths that promise what never comes. */
const malformed = [
  Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x7f]),
  Buffer.from([0x36, 4, 0, 1, 0x61, 0]),
  Buffer.from([0x82, 2, 0, 0]),
  Buffer.from([0x30, 5, 0, 9, 0x61, 0x62, 0x63]),
  Buffer.from([0x20, 2, 0, 0]),
  Buffer.from([0xf0, 0]),
  Buffer.from([0x32, 5, 0, 1, 0x61, 0, 0]),
  Buffer.alloc(4096, 0xa5),
]
/** A ClientHello's record header and nothing of what it announces. */
const halfHello = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])

let attack: Attack | undefined
process.on('message', (order: AttackOrder) => {
  if (order.kind === 'attack') {
    attack = new Attack(order.port, fleet.devices.slice(...order.devices))
  } else if (order.kind === 'pace') attack?.setPace(order.actionsPerSecond)
  else {
    process.send?.({ kind: 'stopped', actions: attack?.stop() ?? 0 })
    attack = undefined
  }
})
process.send?.({ kind: 'ready' })

class Attack {
  readonly #port: number
  readonly #devices: readonly BenchDevice[]
  readonly #contexts = new Map<string, SecureContext>()
  readonly #halfOpen: Socket[] = []
  readonly #slow: LeanClient[] = []
  readonly #timer: NodeJS.Timeout
  #perTick = 1
  #owed = 0
  #actions = 0
  #sessions = 0

  constructor(port: number, devices: readonly BenchDevice[]) {
    this.#port = port
    this.#devices = devices
    this.#timer = setInterval(() => this.#tick(), tickMs)
  }

  setPace(actionsPerSecond: number): void {
    this.#perTick = (actionsPerSecond * tickMs) / 1000
  }

  /** @returns how many actions there were */
  stop(): number {
    clearInterval(this.#timer)
    for (const socket of this.#halfOpen) socket.destroy()
    for (const client of this.#slow) client.socket.destroy()
    return this.#actions
  }

  #tick(): void {
    // What the pace did not allow to do in time is not caught up with.
    this.#owed = Math.min(this.#owed + this.#perTick, 2 * this.#perTick + 1)
    for (; this.#owed >= 1; this.#owed--) {
      this.#actions++
      if (this.#actions % 3 === 0) this.#openHalf()
      else if (this.#actions % 3 === 1) this.#sendMalformed()
      else this.#askWithoutReading()
    }
  }

  #openHalf(): void {
    const socket = connect(this.#port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(halfHello)
    this.#halfOpen.push(socket)
    if (this.#halfOpen.length > halfOpenMax) this.#halfOpen.shift()?.destroy()
  }

  #sendMalformed(): void {
    if (this.#sessions >= sessionsMax) return
    this.#sessions++
    const bytes = malformed[this.#actions % malformed.length] ?? halfHello
    const client = this.#client(this.#actions, () => client.write(bytes))
    client.socket.once('close', () => {
      this.#sessions--
    })
    setTimeout(() => client.socket.destroy(), 1000)
  }

  /** Requests whose answers nobody takes, five at a time; the last devices do it. */
  #askWithoutReading(): void {
    const at = this.#actions % slowReadersMax
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

  #client(at: number, connected: () => void): LeanClient {
    const among = this.#devices.length - slowReadersMax
    const device = at < 0 ? this.#devices.at(at) : this.#devices[at % among]
    if (device === undefined) throw new Error('no devices')
    let context = this.#contexts.get(device.thingName)
    context ??= createSecureContext({ cert: device.certificatePem, key: device.privateKeyPem })
    this.#contexts.set(device.thingName, context)
    const clientId = device.thingName
    const options = { port: this.#port, clientId, context, onPacket: (): void => {} }
    return new LeanClient(options, connected, () => {})
  }
}
