/**
 * The network of one device: what its sockets go through, and when it is cut, silent or offline.
 */
import { Duplex } from 'node:stream'
import { draw, type CancelAlarm, type Clock, type Random } from '@muster/clock'
import type { Network, Quantity } from '../scenario/scenario.ts'
import { FaultySocket, type SocketFaults } from './faulty-socket.ts'

/** Told when a fault begins: `flapping`, `offline` or `halfOpen`. */
export type NetworkWitness = (fault: keyof Network) => void

/** Applies a group's {@link Network} to one device. */
export class NetworkFaults {
  readonly #network: Network
  readonly #wallClock: Clock
  readonly #random: Random
  readonly #witness: NetworkWitness
  readonly #alarms = new Set<CancelAlarm>()
  #socket: FaultySocket | undefined
  #isOffline = false

  constructor(network: Network, wallClock: Clock, random: Random, witness: NetworkWitness) {
    this.#network = network
    this.#wallClock = wallClock
    this.#random = random
    this.#witness = witness
  }

  /** Begins the cycles; each repeats until {@link stop}. */
  start(): void {
    const { flapping, offline, halfOpen } = this.#network
    if (flapping !== undefined) {
      this.#repeat('flapping', flapping.everySeconds, 0, () => this.#socket?.destroy())
    }
    if (offline !== undefined) {
      this.#repeat(
        'offline',
        offline.everySeconds,
        offline.forSeconds,
        () => {
          this.#isOffline = true
          this.#socket?.destroy()
        },
        () => (this.#isOffline = false),
      )
    }
    if (halfOpen !== undefined) {
      let silent: FaultySocket | undefined
      this.#repeat(
        'halfOpen',
        halfOpen.everySeconds,
        halfOpen.forSeconds,
        () => {
          silent = this.#socket
          silent?.fallSilent()
        },
        () => silent?.abandon(),
      )
    }
  }

  stop(): void {
    for (const cancel of this.#alarms) cancel()
    this.#alarms.clear()
    this.#isOffline = false
  }

  /** Opens a socket through this network. */
  readonly openSocket = (open: () => Duplex): Duplex => {
    if (this.#isOffline) return unreachable()
    const { latencyMilliseconds, slowReader } = this.#network
    const faults: SocketFaults = {
      ...(latencyMilliseconds === undefined
        ? {}
        : { delayMs: () => draw(latencyMilliseconds, this.#random) }),
      ...(slowReader === undefined ? {} : { bytesPerSecond: slowReader.bytesPerSecond }),
    }
    this.#socket = new FaultySocket(open(), faults, this.#wallClock)
    return this.#socket
  }

  #repeat(
    fault: keyof Network,
    every: Quantity,
    lasting: Quantity,
    begin: () => void,
    end?: () => void,
  ): void {
    this.#after(draw(every, this.#random) * 1000, () => {
      this.#witness(fault)
      begin()
      this.#after(draw(lasting, this.#random) * 1000, () => {
        end?.()
        this.#repeat(fault, every, lasting, begin, end)
      })
    })
  }

  #after(waitMs: number, act: () => void): void {
    const cancel = this.#wallClock.setAlarm(this.#wallClock.nowMs() + Math.round(waitMs), () => {
      this.#alarms.delete(cancel)
      act()
    })
    this.#alarms.add(cancel)
  }
}

/** A socket to nowhere. */
function unreachable(): Duplex {
  const socket = new Duplex({ read() {}, write: (_bytes, _encoding, done) => done() })
  const error = Object.assign(new Error('connect ENETUNREACH (simulated: offline)'), {
    code: 'ENETUNREACH',
  })
  setImmediate(() => socket.destroy(error))
  return socket
}
