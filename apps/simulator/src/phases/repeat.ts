import { setTimeout as wait } from 'node:timers/promises'
import type { Phase } from '../scenario/scenario.ts'
import type { Stage } from '../stage.ts'
import { carryOut } from './carry-out.ts'
import { phaseName } from './phase-name.ts'

/** A round that does nothing that takes time is not repeated sooner. */
const ROUND_SECONDS_MIN = 1

/**
 * Repeats a round until the time is up; the one that is under way by then is finished.
 *
 * @returns whether the scenario can go on
 */
export async function repeat(
  stage: Stage,
  round: readonly Phase[],
  seconds: number,
): Promise<boolean> {
  const { record, signal } = stage
  const endsWith = signal === undefined ? {} : { signal }
  const untilMs = Date.now() + seconds * 1000
  record.soakBeganAtSeconds = record.elapsedSeconds
  record.countsAllJobs = true
  for (;;) {
    const beganAtMs = Date.now()
    record.round = record.rounds + 1
    const isOver = await oneRound({ ...stage, beganAtMs }, round)
    if (!isOver) return false
    record.rounds += 1
    const nextMs = round.length === 0 ? untilMs : beganAtMs + ROUND_SECONDS_MIN * 1000
    const waitMs = Math.min(nextMs, untilMs) - Date.now()
    if (waitMs > 0) await wait(waitMs, undefined, endsWith)
    // A timer may fire a millisecond before its time: that is no room for another round.
    if (nextMs >= untilMs || Date.now() >= untilMs) return true
  }
}

/** @returns whether the scenario can go on; the first round is told phase by phase, the others whole */
async function oneRound(stage: Stage, round: readonly Phase[]): Promise<boolean> {
  const { record } = stage
  const isFirst = record.rounds === 0
  const all = async (): Promise<boolean> => {
    for (const phase of round) {
      const work = (): Promise<boolean> => carryOut(phase, stage)
      if (!(await (isFirst ? record.during(phaseName(phase), work) : work()))) return false
    }
    return true
  }
  return await (isFirst ? all() : record.during(`round ${record.rounds + 1}`, all))
}
