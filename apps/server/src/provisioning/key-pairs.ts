/**
 * RSA key pairs for whoever asks, a few at a time: a fleet that comes up at once waits its turn
 * instead of being refused (gateway G87, G100, G106, G123).
 */
import { createRsaKeyPair, type KeyPairPem } from '@muster/pki'

/**
 * Pairs under way at once. Each holds one of the four threads of libuv's pool for 65 ms and more;
 * one stays free for files and names.
 */
const underWayMax = 3

/** Pairs waited for: 2 KB each, and a quarter of an hour's work on two cores. */
const waitingMax = 30_000

/** Of one asker, so that none takes everybody's places. */
const waitingOfOneMax = 1000

/** Who asks for a pair. */
export interface KeyPairAsker {
  /** Askers take turns, so that nobody's hundred requests hold up another's first. */
  readonly name: string
  /** Whether nobody is there any more to be given the pair; it is not made then. */
  readonly isGone: () => boolean
}

/** Why there is no pair: too many wait already, or nobody does any more. */
export type KeyPairFault = 'full' | 'gone'

interface Waiter {
  readonly isGone: () => boolean
  resolve(result: KeyPairPem | KeyPairFault): void
  reject(cause: unknown): void
}

/** Makes pairs in turns. */
export class KeyPairs {
  readonly #make: () => Promise<KeyPairPem>
  readonly #waitingMax: number
  /** By asker, whose turn it is first. */
  readonly #waiters = new Map<string, Waiter[]>()
  #waiting = 0
  #underWay = 0
  #stopped = false
  /** Pairs begun before a reset are nobody's. */
  #resets = 0

  constructor(make: () => Promise<KeyPairPem> = createRsaKeyPair, most: number = waitingMax) {
    this.#make = make
    this.#waitingMax = most
  }

  /** Makes a pair when it is this asker's turn; rejects only when making it fails. */
  next({ isGone, name }: KeyPairAsker): Promise<KeyPairPem | KeyPairFault> {
    if (this.#stopped) return Promise.resolve('gone')
    const waiters = this.#waiters.get(name)
    if (waiters !== undefined && waiters.length >= waitingOfOneMax) return Promise.resolve('full')
    if (this.#waiting >= this.#waitingMax) this.#dropGone()
    if (this.#waiting >= this.#waitingMax) return Promise.resolve('full')
    return new Promise((resolve, reject) => {
      if (waiters === undefined) this.#waiters.set(name, [{ isGone, resolve, reject }])
      else waiters.push({ isGone, resolve, reject })
      this.#waiting += 1
      this.#begin()
    })
  }

  /** Makes no more: whoever waits is told that all are gone. */
  stop(): void {
    this.#stopped = true
    this.reset()
  }

  /** Whoever waits is told that all are gone, also those whose pair is being made. */
  reset(): void {
    this.#resets += 1
    const waiters = [...this.#waiters.values()].flat()
    this.#waiters.clear()
    this.#waiting = 0
    for (const waiter of waiters) waiter.resolve('gone')
  }

  #begin(): void {
    while (this.#underWay < underWayMax) {
      const waiter = this.#take()
      if (waiter === undefined) return
      if (waiter.isGone()) waiter.resolve('gone')
      else void this.#makeFor(waiter)
    }
  }

  #take(): Waiter | undefined {
    for (const [name, waiters] of this.#waiters) {
      this.#waiters.delete(name)
      const waiter = waiters.shift()
      if (waiters.length > 0) this.#waiters.set(name, waiters)
      this.#waiting -= 1
      return waiter
    }
    return undefined
  }

  #dropGone(): void {
    for (const [name, waiters] of this.#waiters) {
      const here: Waiter[] = []
      for (const waiter of waiters) {
        if (waiter.isGone()) waiter.resolve('gone')
        else here.push(waiter)
      }
      this.#waiting -= waiters.length - here.length
      if (here.length > 0) this.#waiters.set(name, here)
      else this.#waiters.delete(name)
    }
  }

  async #makeFor(waiter: Waiter): Promise<void> {
    const resets = this.#resets
    this.#underWay += 1
    try {
      const pair = await this.#make()
      waiter.resolve(this.#resets === resets ? pair : 'gone')
    } catch (cause) {
      waiter.reject(cause)
    } finally {
      this.#underWay -= 1
      this.#begin()
    }
  }
}
