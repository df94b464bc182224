/** Fuzzing by coverage: what reaches something new is kept, and changed further. */
import type { Coverage } from './coverage.ts'
import { cpuMsMax, threw, type Fault } from './fault.ts'
import { mutated } from './mutate.ts'
import { below, oneOf, randomOf, type Random } from './random.ts'
import type { Reads, Target, TargetModule } from './target.ts'

/** How far a run goes: whatever is over first. */
export interface FuzzBounds {
  readonly executions: number
  readonly seconds: number
  readonly seed: number
}

/** What a run needs of the thread that it is in. */
export interface FuzzPorts {
  /** Told before each input is read, so that others know what a reader hangs on. */
  readonly reading: (input: Uint8Array) => void
  /** CPU of this thread so far, microseconds. */
  readonly cpuUs: () => number
}

/** How often an input that took long is read again before that is believed. */
const REPEATS = 5
/** How many executions the search for a smaller input may cost. */
const SHRINK_EXECUTIONS = 500
/** A block that is passed 1, 2, 3, 4, 8, 16, 32 or 128 times is something new each time. */
const BUCKETS = 8
/** One of the newest so many is changed every other time. */
const NEWEST = 16

/** One target's run. */
export class Fuzzer {
  readonly #target: Target
  readonly #module: TargetModule
  readonly #coverage: Coverage
  readonly #random: Random
  readonly #bounds: FuzzBounds
  readonly #ports: FuzzPorts
  readonly #seen: Uint8Array
  readonly #faults = new Map<string, Fault>()
  readonly corpus: Uint8Array[] = []
  #reads: Reads
  #readSoFar = 0
  executions = 0

  constructor(
    target: Target,
    module: TargetModule,
    coverage: Coverage,
    bounds: FuzzBounds,
    ports: FuzzPorts,
  ) {
    this.#target = target
    this.#module = module
    this.#coverage = coverage
    this.#random = randomOf(bounds.seed)
    this.#bounds = bounds
    this.#ports = ports
    this.#seen = new Uint8Array(coverage.counters.length * BUCKETS)
    this.#reads = module.reader()
  }

  /** By cause, in the order in which they were found. */
  get faults(): readonly Fault[] {
    return [...this.#faults.values()]
  }

  /** Blocks that any input reached. */
  get blocksReached(): number {
    let reached = 0
    for (let block = 0; block < this.#coverage.size; block++) {
      if (this.#seen.subarray(block * BUCKETS, (block + 1) * BUCKETS).some((one) => one === 1)) {
        reached++
      }
    }
    return reached
  }

  /** Reads what is known, then what is made of it, until the bounds. */
  async run(known: readonly Uint8Array[]): Promise<void> {
    for (const input of known) {
      await this.#tryOut(input)
      this.corpus.push(input)
    }
    if (this.corpus.length === 0) this.corpus.push(new Uint8Array())
    const untilMs = performance.now() + this.#bounds.seconds * 1000
    const last = this.executions + this.#bounds.executions
    const material = {
      form: this.#target.form,
      bytesMax: this.#target.bytesMax,
      words: this.#coverage.words,
      other: () => oneOf(this.#random, this.corpus) ?? new Uint8Array(),
    }
    while (this.executions < last && performance.now() < untilMs) {
      const changed = mutated(this.#pick(), material, this.#random)
      const input =
        this.#module.mend !== undefined && this.#random() < 0.7
          ? this.#module.mend(changed)
          : changed
      if (await this.#tryOut(input)) this.corpus.push(input)
    }
  }

  /** The fewest and shortest inputs that reach every block that the corpus reaches. */
  async smallestCorpus(): Promise<Uint8Array[]> {
    const reached = new Set<number>()
    const kept: Uint8Array[] = []
    for (const input of this.corpus.toSorted((left, right) => left.length - right.length)) {
      if ((await this.#read(input)) !== undefined) continue
      const more = this.#blocks().filter((block) => !reached.has(block))
      if (more.length === 0) continue
      for (const block of more) reached.add(block)
      kept.push(input)
    }
    return kept
  }

  #pick(): Uint8Array {
    const { corpus } = this
    const newest = this.#random() < 0.5 ? corpus.slice(-NEWEST) : corpus
    return newest[below(this.#random, newest.length)] ?? new Uint8Array()
  }

  /** Reads an input and judges it; whether it reached something new. */
  async #tryOut(input: Uint8Array): Promise<boolean> {
    if (this.#readSoFar >= this.#target.inputsPerReader) this.#renew()
    const fault = await this.#read(input)
    if (fault === undefined) return this.#isNew()
    this.#renew()
    if (this.#faults.has(fault.cause)) return false
    const confirmed = await this.#confirmed(input, fault)
    if (confirmed !== undefined) this.#faults.set(fault.cause, await this.#shrunk(confirmed))
    this.#renew()
    return false
  }

  async #read(input: Uint8Array): Promise<Fault | undefined> {
    const { counters, size } = this.#coverage
    this.#ports.reading(input)
    this.executions++
    this.#readSoFar++
    counters.fill(0, 0, size)
    const before = this.#ports.cpuUs()
    try {
      const reading = this.#reads(input)
      if (reading !== undefined) await reading
    } catch (cause) {
      return threw(cause, input)
    }
    const cpuMs = (this.#ports.cpuUs() - before) / 1000
    if (cpuMs <= cpuMsMax(input.length, this.#target.cpuUsPerByteMax)) return undefined
    const message = `${Math.round(cpuMs)} ms of CPU for ${input.length} bytes`
    return { kind: 'slow', message, cause: `slow ${this.#busiest()}`, input }
  }

  /** What throws may have thrown for what came before; what is slow may have met a collection. */
  async #confirmed(input: Uint8Array, first: Fault): Promise<Fault | undefined> {
    let fault: Fault | undefined
    for (let time = 0; time < (first.kind === 'slow' ? REPEATS : 1); time++) {
      this.#renew()
      fault = await this.#read(input)
      if (fault === undefined) break
    }
    if (fault !== undefined || first.kind === 'slow') return fault
    return { ...first, message: `${first.message}, after other inputs only` }
  }

  /** A shorter input with the same fault; of a slow one the length is what matters. */
  async #shrunk(fault: Fault): Promise<Fault> {
    if (fault.kind === 'slow') return fault
    let least = fault
    let left = SHRINK_EXECUTIONS
    for (let part = least.input.length >> 1; part > 0 && left > 0; part >>= 1) {
      for (let at = 0; at < least.input.length && left > 0; left--) {
        const { input } = least
        this.#renew()
        const shorter = Buffer.concat([input.subarray(0, at), input.subarray(at + part)])
        const found = await this.#read(shorter)
        if (found?.cause === fault.cause) least = found
        else at += part
      }
    }
    return least
  }

  #renew(): void {
    this.#reads = this.#module.reader()
    this.#readSoFar = 0
  }

  #blocks(): number[] {
    const { counters, size } = this.#coverage
    return Array.from({ length: size }, (_, block) => block).filter(
      (block) => counters[block] !== 0,
    )
  }

  #isNew(): boolean {
    const { counters, size } = this.#coverage
    let isNew = false
    for (let block = 0; block < size; block++) {
      const times = counters[block] ?? 0
      if (times === 0) continue
      const place = block * BUCKETS + bucketOf(times)
      if (this.#seen[place] === 1) continue
      this.#seen[place] = 1
      isNew = true
    }
    return isNew
  }

  /** Where most of the time went, as far as blocks tell. */
  #busiest(): string {
    const { counters, size } = this.#coverage
    let most = 0
    for (let block = 1; block < size; block++) {
      if ((counters[block] ?? 0) > (counters[most] ?? 0)) most = block
    }
    return this.#coverage.placeOf(most)
  }
}

function bucketOf(times: number): number {
  if (times <= 3) return times - 1
  return times < 8 ? 3 : times < 16 ? 4 : times < 32 ? 5 : times < 128 ? 6 : 7
}
