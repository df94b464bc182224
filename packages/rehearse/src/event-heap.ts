/** What happens next: a binary heap in typed arrays, in order of time, then of setting. */

/** Holds entries of two numbers: when, and which. */
export class EventHeap {
  #times: Float64Array
  #orders: Float64Array
  #subjects: Int32Array
  #size = 0
  #order = 0

  constructor(capacity = 1024) {
    this.#times = new Float64Array(capacity)
    this.#orders = new Float64Array(capacity)
    this.#subjects = new Int32Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  /** When the first entry is due, epoch milliseconds; Infinity when there is none. */
  get firstAtMs(): number {
    return this.#size === 0 ? Infinity : (this.#times[0] as number)
  }

  /** The subject of the first entry; meaningless when there is none. */
  get firstSubject(): number {
    return this.#subjects[0] as number
  }

  /** The order in which the first entry was set. */
  get firstOrder(): number {
    return this.#orders[0] as number
  }

  /** @returns the order of setting, rising from 1 */
  add(atMs: number, subject: number): number {
    if (this.#size === this.#times.length) this.#grow()
    this.#order += 1
    let place = this.#size
    this.#size += 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      if ((this.#times[parent] as number) <= atMs) break
      this.#move(parent, place)
      place = parent
    }
    this.#set(place, atMs, this.#order, subject)
    return this.#order
  }

  /** Drops the first entry. */
  dropFirst(): void {
    this.#size -= 1
    const last = this.#size
    if (last === 0) return
    const atMs = this.#times[last] as number
    const order = this.#orders[last] as number
    const subject = this.#subjects[last] as number
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= last) break
      if (child + 1 < last && this.#isBefore(child + 1, child)) child += 1
      const childMs = this.#times[child] as number
      if (atMs < childMs || (atMs === childMs && order < (this.#orders[child] as number))) break
      this.#move(child, place)
      place = child
    }
    this.#set(place, atMs, order, subject)
  }

  #isBefore(left: number, right: number): boolean {
    const difference = (this.#times[left] as number) - (this.#times[right] as number)
    return difference === 0
      ? (this.#orders[left] as number) < (this.#orders[right] as number)
      : difference < 0
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number
    this.#orders[to] = this.#orders[from] as number
    this.#subjects[to] = this.#subjects[from] as number
  }

  #set(place: number, atMs: number, order: number, subject: number): void {
    this.#times[place] = atMs
    this.#orders[place] = order
    this.#subjects[place] = subject
  }

  #grow(): void {
    const capacity = this.#times.length * 2
    const [times, orders, subjects] = [this.#times, this.#orders, this.#subjects]
    this.#times = new Float64Array(capacity)
    this.#orders = new Float64Array(capacity)
    this.#subjects = new Int32Array(capacity)
    this.#times.set(times)
    this.#orders.set(orders)
    this.#subjects.set(subjects)
  }
}
