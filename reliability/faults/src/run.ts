/** Cycles of all kinds, one kind after the other. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultKind } from './kinds/fault-kind.ts'
import { randomFrom, type Random } from './random.ts'
import { verify } from './verify.ts'
import type { World } from './world.ts'

/** What became of one kind. */
export interface KindFigures {
  readonly name: string
  /** Cycles that were done. */
  cycles: number
  acknowledged: number
  lost: readonly string[]
  regressed: readonly string[]
  /** How long the server took to start, milliseconds. */
  startsMs: readonly number[]
  /** How often came what of it. */
  readonly outcomes: Map<string, number>
  /** What should not have been, a line each: beside losses. */
  readonly faults: string[]
  /** How long devices were without answers, milliseconds, by what was done; where that is measured. */
  recoveriesMs?: ReadonlyMap<string, readonly number[]>
  /** Why it was left out. */
  skipped?: string
}

/** Shares cycles among kinds, in proportion to their weights; each has one at least where there are enough. */
export function shares(kinds: readonly FaultKind[], cycles: number): readonly number[] {
  const all = kinds.reduce((sum, { weight }) => sum + weight, 0)
  const given = kinds.map(({ weight }) => Math.floor((cycles * weight) / all))
  const order = kinds.map((_kind, index) => index)
  order.sort((one, other) => (given[one] ?? 0) - (given[other] ?? 0) || one - other)
  let left = cycles - given.reduce((sum, count) => sum + count, 0)
  for (let at = 0; left > 0; at += 1, left -= 1) {
    const index = order[at % order.length] ?? 0
    given[index] = (given[index] ?? 0) + 1
  }
  return given
}

/** Does one kind so many times, or until it is asked to stop; then what was done is verified. */
export async function runKind(
  kind: FaultKind,
  cycles: number,
  seed: number,
  tell: (line: string) => void,
  stop: AbortSignal,
): Promise<KindFigures> {
  const figures: KindFigures = {
    name: kind.name,
    cycles: 0,
    acknowledged: 0,
    lost: [],
    regressed: [],
    startsMs: [],
    outcomes: new Map(),
    faults: [],
  }
  const missing = kind.missing()
  if (missing !== undefined) {
    figures.skipped = missing
    return figures
  }
  const folder = mkdtempSync(join(tmpdir(), 'muster-faults-'))
  let world: World | undefined
  try {
    world = await kind.open(folder)
    const random = randomFrom(seed)
    for (let cycle = 0; cycle < cycles && !stop.aborted; cycle += 1) {
      const outcome = await oneCycle(kind, world, random, figures)
      const { acknowledged, lost } = world.account
      const wrong = lost.length === 0 ? '' : `, ${lost.length} lost`
      tell(`${kind.name} ${cycle + 1}/${cycles}, ${outcome}: ${acknowledged} acknowledged${wrong}`)
    }
    await verify(world, true)
    for (const wrong of (await kind.settle?.(world)) ?? []) figures.faults.push(wrong)
  } catch (cause) {
    figures.faults.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
  } finally {
    await world?.close()
    kind.close?.(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  if (world !== undefined) {
    const { account, startsMs } = world
    const { acknowledged, lost, regressed } = account
    Object.assign(figures, { acknowledged, lost, regressed, startsMs: startsMs.slice(1) })
    figures.recoveriesMs = world.recoveriesMs
  }
  return figures
}

async function oneCycle(
  kind: FaultKind,
  world: World,
  random: Random,
  figures: KindFigures,
): Promise<string> {
  const outcome = await kind.strike(world, random)
  await verify(world, false)
  for (const problem of world.problems()) figures.faults.push(`muster check after it: ${problem}`)
  figures.outcomes.set(outcome, (figures.outcomes.get(outcome) ?? 0) + 1)
  figures.cycles += 1
  return outcome
}
