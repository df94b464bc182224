/**
 * One quiet and one attacked period, the attack held at its share of the server's CPU. Periods are
 * short and take turns, so that whatever else goes on in the machine falls on both alike.
 */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMs, messageOf } from '../gateway/processes.ts'
import { median } from '../measure.ts'
import type { AttackOrder, Manner } from './attacker.ts'
import type { ProbePeriod, ProbeResult } from './devices-asking.ts'

/** Of the server, above what the well-behaved cost. */
export const attackCores = 0.25
const seconds = 1
/** Of an attack, before it is measured: its connections are up and its pace is found. */
const onsetMs = 500
/** Between an attack and the next quiet period: what it left open is closed. */
const restMs = 500
const paceEveryMs = 250
const paceMax = 4000

/** A server under test. */
export interface Under {
  readonly port: number
  readonly pid: number
  readonly manner: Manner
  /** Which of the fleet attack, from and to. */
  readonly attackers: readonly [number, number]
}

export interface Round {
  readonly quiet: ProbeResult
  readonly attacked: ProbeResult
  /** What the attack took. */
  readonly cores: number
}

/** Rounds against one server, one after the other; the pace is kept from round to round. */
export class Rounds {
  readonly #under: Under
  readonly #probe: ChildProcess
  readonly #attacker: ChildProcess
  readonly #quietCores: number[] = []
  #actionsPerSecond = 200

  constructor(under: Under, probe: ChildProcess, attacker: ChildProcess) {
    this.#under = under
    this.#probe = probe
    this.#attacker = attacker
  }

  async play(): Promise<Round> {
    const { port, manner, attackers } = this.#under
    const quiet = await this.#period()
    this.#quietCores.push(quiet.cores)
    // Not the mean: the first period of all still compiles, and would leave more to the attack.
    const quietCores = median(this.#quietCores)
    const actionsPerSecond = this.#actionsPerSecond
    this.#order({ kind: 'attack', port, manner, devices: attackers, actionsPerSecond })
    const pace = this.#keepPace(quietCores + attackCores)
    await wait(onsetMs)
    const attacked = await this.#period()
    clearInterval(pace)
    const stopped = messageOf(this.#attacker, 'stopped')
    this.#order({ kind: 'stop' })
    await stopped
    await wait(restMs)
    return { quiet, attacked, cores: attacked.cores - quietCores }
  }

  async #period(): Promise<ProbeResult & { readonly cores: number }> {
    const { pid } = this.#under
    const measured = messageOf<ProbeResult>(this.#probe, 'measured')
    const fromMs = cpuMs(pid)
    this.#probe.send({ seconds } satisfies ProbePeriod)
    const { latenciesUs } = await measured
    return { latenciesUs, cores: (cpuMs(pid) - fromMs) / 1000 / seconds }
  }

  /** Has the attacker do more or less until the server uses this much. */
  #keepPace(wantedCores: number): NodeJS.Timeout {
    const { pid } = this.#under
    let beforeMs = cpuMs(pid)
    let beforeAtMs = performance.now()
    return setInterval(() => {
      const nowMs = cpuMs(pid)
      const atMs = performance.now()
      const cores = (nowMs - beforeMs) / (atMs - beforeAtMs)
      beforeMs = nowMs
      beforeAtMs = atMs
      const step = Math.min(1.3, Math.max(0.75, wantedCores / Math.max(cores, 0.01)))
      this.#actionsPerSecond = Math.min(paceMax, Math.max(20, this.#actionsPerSecond * step))
      this.#order({ kind: 'pace', actionsPerSecond: this.#actionsPerSecond })
    }, paceEveryMs)
  }

  #order(order: AttackOrder): void {
    this.#attacker.send(order)
  }
}
