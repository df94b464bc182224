/** One quiet and one attacked period, the attack held at its share of the server's CPU. */
import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMs, message } from '../gateway/processes.ts'
import type { AttackOrder } from './attacker.ts'
import type { ProbePeriod, ProbeResult } from './devices-asking.ts'

/** Of the server, above what the well-behaved cost. */
export const attackCores = 0.25
/** Of one period. */
export const seconds: number = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 4)
const paceEveryMs = 250
const paceMax = 4000

/** A server under test. */
export interface Under {
  readonly port: number
  readonly pid: number
  /** Which of the fleet attack, from and to. */
  readonly attackers: readonly [number, number]
}

export interface Round {
  readonly quiet: ProbeResult
  readonly attacked: ProbeResult
  /** What the attack took. */
  readonly cores: number
}

export async function playRound(
  { port, pid, attackers }: Under,
  probe: ChildProcess,
  attacker: ChildProcess,
): Promise<Round> {
  const quietFromMs = cpuMs(pid)
  const quiet = await period(probe)
  const quietCores = (cpuMs(pid) - quietFromMs) / 1000 / seconds
  attacker.send({ kind: 'attack', port, devices: attackers } satisfies AttackOrder)
  const pace = keepPace(pid, attacker, quietCores + attackCores)
  await wait(2000)
  const attackedFromMs = cpuMs(pid)
  const attacked = await period(probe)
  const cores = (cpuMs(pid) - attackedFromMs) / 1000 / seconds - quietCores
  clearInterval(pace)
  const stopped = message<{ kind: string }>(attacker, ({ kind }) => kind === 'stopped')
  attacker.send({ kind: 'stop' } satisfies AttackOrder)
  await stopped
  await wait(500)
  return { quiet, attacked, cores }
}

async function period(probe: ChildProcess): Promise<ProbeResult> {
  const measured = message<ProbeResult & { kind: string }>(probe, ({ kind }) => kind === 'measured')
  probe.send({ seconds } satisfies ProbePeriod)
  return measured
}

/** What the pace was at the end of the last attack. */
let actionsPerSecond = 200

/** Has the attacker do more or less until the server uses this much. */
function keepPace(pid: number, attacker: ChildProcess, wantedCores: number): NodeJS.Timeout {
  const order = (): boolean =>
    attacker.send({ kind: 'pace', actionsPerSecond } satisfies AttackOrder)
  order()
  let beforeMs = cpuMs(pid)
  let beforeAtMs = performance.now()
  return setInterval(() => {
    const nowMs = cpuMs(pid)
    const atMs = performance.now()
    const cores = (nowMs - beforeMs) / (atMs - beforeAtMs)
    beforeMs = nowMs
    beforeAtMs = atMs
    const step = Math.min(1.3, Math.max(0.75, wantedCores / Math.max(cores, 0.01)))
    actionsPerSecond = Math.min(paceMax, Math.max(20, actionsPerSecond * step))
    order()
  }, paceEveryMs)
}
