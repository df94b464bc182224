/**
 * What a server takes from the machine that it runs on: time, chance, the end of a turn, the disk. A
 * simulation gives one of its own, and everything that happens follows from its seed.
 */
import { randomUUID } from 'node:crypto'
import type { CancelAlarm } from '@muster/clock'
import { openStore, type Store } from '@muster/store'
import type { Registry } from 'prom-client'
import { collectProcess } from './prometheus.ts'

/** Time, chance and disk of one process. */
export interface Machine {
  /** Wall time, epoch milliseconds; jumps when the clock is set. */
  epochMs(): number
  /** Milliseconds of any origin; never jumps. */
  monotonicMs(): number
  /** In [0, 1). */
  random(): number
  uuid(): string
  /** Calls `fire` once, later; does not keep the process alive. */
  setTimer(fire: () => void, afterMs: number): CancelAlarm
  /** Runs when everything that arrived together has been handled: a turn of the event loop. */
  afterTurn(run: () => void): void
  /** Opens the database of a data folder; see {@link openStore}. */
  openStore(file: string): Store
  /** Adds the figures of the process to a server's metrics, when those are first read. */
  meterProcess(registry: Registry): void
}

/** The machine that this process runs on. */
export const thisMachine: Machine = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  uuid: () => randomUUID(),
  setTimer: (fire, afterMs) => {
    const timer = setTimeout(fire, afterMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  afterTurn: (run) => void setImmediate(run),
  openStore: (file) => openStore({ file }),
  meterProcess: (registry) => collectProcess(registry, 'muster_'),
}
