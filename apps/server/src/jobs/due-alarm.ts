/**
 * When work of Jobs falls due.
 */
import type { CancelAlarm, Clock } from '@muster/clock'
import type { JobsEngine } from '@muster/jobs'
import type { Turn } from '../turn.ts'

/** What a {@link DueAlarm} works with. */
export interface DueAlarmPorts {
  readonly clock: Clock
  readonly turn: Turn
  /** The state cannot say what is due: without it nothing goes on, so the server must stop. */
  readonly onBroken: (cause: unknown) => void
}

/** Executions handled in one turn of the event loop, so that no request waits for a sweep. */
const EXECUTIONS_PER_TURN = 100

/** Wakes the engine when work falls due, and does that work one slice a turn. */
export class DueAlarm {
  readonly #ports: DueAlarmPorts
  readonly #engine: () => JobsEngine
  #cancel: CancelAlarm | undefined
  #armedAtMs = Infinity
  #working: Promise<void> | undefined
  #stopped = false

  constructor(ports: DueAlarmPorts, engine: () => JobsEngine) {
    this.#ports = ports
    this.#engine = engine
  }

  /** Makes sure to wake at this time or before; work that is due already starts after this turn. */
  wakeAt(dueAtMs: number): void {
    if (this.#working !== undefined || dueAtMs >= this.#armedAtMs) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#armedAtMs = Infinity
    this.#stopped = false
    if (dueAtMs <= this.#ports.clock.nowMs()) {
      void this.#run()
      return
    }
    this.#armedAtMs = dueAtMs
    this.#cancel = this.#ports.clock.setAlarm(dueAtMs, () => {
      this.#armedAtMs = Infinity
      void this.#run()
    })
  }

  /** Arms for the earliest work in the store. */
  resume(): void {
    const dueAtMs = this.#engine().nextDueAtMs()
    if (dueAtMs !== undefined) this.wakeAt(dueAtMs)
  }

  /** Does all work that is due now; work that one slice makes due included. */
  async settle(): Promise<void> {
    do await this.#run()
    while (
      !this.#stopped &&
      (this.#engine().nextDueAtMs() ?? Infinity) <= this.#ports.clock.nowMs()
    )
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#cancel = undefined
    this.#armedAtMs = Infinity
  }

  #run(): Promise<void> {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
      if (!this.#stopped) this.resume()
    })
    return this.#working
  }

  async #work(): Promise<void> {
    try {
      // Never inside the request that made the work due: its reply goes first.
      await this.#ports.turn.committed()
      while (!this.#stopped && this.#runSlice()) await this.#ports.turn.committed()
      await this.#ports.turn.committed()
    } catch {
      // A commit failed, and whoever stops the server was told.
      this.#stopped = true
    }
  }

  /** @returns whether more is due */
  #runSlice(): boolean {
    const { clock, onBroken } = this.#ports
    try {
      return this.#engine().runDue(clock.nowMs(), EXECUTIONS_PER_TURN)
    } catch (cause) {
      this.#stopped = true
      onBroken(cause)
      return false
    }
  }
}
