/** Runs a script as `k6 run` does: its scenarios at the same time, its thresholds at the end. */
import { Samples } from './samples.ts'
import { durationMs, type ScriptScenario } from './script-options.ts'
import { VirtualUser, type VirtualUserStart } from './virtual-user.ts'

/** What came of it. */
export interface ScriptRun {
  readonly samples: Samples
  /** Thresholds that do not hold. */
  readonly broken: readonly string[]
  /** What iterations threw. */
  readonly uncaught: readonly string[]
}

/** How to run it. */
export interface ScriptStart extends Omit<VirtualUserStart, 'samples'> {
  /** Default: new ones. */
  readonly samples?: Samples
  /**
   * Whether time stands still while every virtual user is busy, so that a slow machine offers what a
   * fast one does; by default an iteration that finds nobody free is dropped, as k6 does.
   */
  readonly waitsForUsers?: boolean
  /** Ends the run early. */
  readonly until?: AbortSignal
}

export async function runScript(start: ScriptStart): Promise<ScriptRun> {
  const { samples = new Samples(), until = new AbortController().signal } = start
  const { waitsForUsers = false } = start
  const pool = new Pool({ ...start, samples }, until)
  try {
    const { scenarios = {}, thresholds = {} } = await pool.options()
    const first = Object.values(scenarios).map(firstUsers)
    await pool.ready(first.reduce((sum, count) => sum + count, 0))
    const work = Object.values(scenarios).map((scenario) =>
      carryOut(pool, scenario, { samples, until, waitsForUsers }),
    )
    await Promise.all(work)
    return { samples, broken: samples.broken(thresholds), uncaught: pool.uncaught }
  } finally {
    await pool.close()
  }
}

/** What the scenarios of a run share. */
interface World {
  readonly samples: Samples
  readonly until: AbortSignal
  readonly waitsForUsers: boolean
}

/** Of those that k6 would have ready at the start, a few: engines cost more here, and more are made. */
function firstUsers(scenario: ScriptScenario): number {
  return scenario.executor === 'ramping-arrival-rate' ? Math.min(scenario.preAllocatedVUs, 3) : 1
}

/** Virtual users, made as they are needed and used again. */
class Pool {
  readonly uncaught: string[] = []
  readonly #start: VirtualUserStart
  readonly #idle: VirtualUser[] = []
  readonly #all: VirtualUser[] = []

  readonly #until: AbortSignal

  constructor(start: VirtualUserStart, until: AbortSignal) {
    this.#start = start
    this.#until = until
  }

  async options(): Promise<VirtualUser['options']> {
    const user = await this.#take()
    this.#idle.push(user)
    return user.options
  }

  /** Has so many wait for work: what comes at once finds them. */
  async ready(count: number): Promise<void> {
    while (this.#idle.length < count) {
      const user = await VirtualUser.load(this.#start)
      this.#all.push(user)
      this.#idle.push(user)
    }
  }

  /** @param until - ends this iteration alone */
  async iterate(exec: string, iteration: number, until?: AbortSignal): Promise<void> {
    const user = await this.#take()
    const ends = until === undefined ? this.#until : AbortSignal.any([this.#until, until])
    try {
      await user.iterate(exec, iteration, ends)
      this.#start.samples.add('iterations', 1)
    } catch (cause) {
      this.uncaught.push((cause as Error).message)
    }
    this.#idle.push(user)
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((user) => user.close()))
  }

  async #take(): Promise<VirtualUser> {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    const user = await VirtualUser.load(this.#start)
    this.#all.push(user)
    return user
  }
}

async function carryOut(pool: Pool, scenario: ScriptScenario, world: World): Promise<void> {
  switch (scenario.executor) {
    case 'ramping-arrival-rate':
      await arrive(pool, scenario, world)
      return
    case 'constant-vus': {
      const endsAtMs = Date.now() + durationMs(scenario.duration)
      for (let done = 0; Date.now() < endsAtMs && !world.until.aborted; done++) {
        await pool.iterate(scenario.exec, done)
      }
      return
    }
    case 'per-vu-iterations': {
      const over = AbortSignal.timeout(durationMs(scenario.maxDuration))
      for (let done = 0; done < scenario.iterations; done++) {
        await pool.iterate(scenario.exec ?? 'default', done, over)
      }
    }
  }
}

type Arrivals = Extract<ScriptScenario, { executor: 'ramping-arrival-rate' }>

/** Begins iterations when they are due; one that finds nobody free is dropped. */
async function arrive(
  pool: Pool,
  scenario: Arrivals,
  { samples, until, waitsForUsers }: World,
): Promise<void> {
  const dueAtMs = arrivalTimes(scenario)
  const beganAtMs = Date.now()
  const running = new Set<Promise<void>>()
  for (const [iteration, atMs] of dueAtMs.entries()) {
    const leftMs = beganAtMs + atMs - Date.now()
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs))
    if (until.aborted) break
    if (waitsForUsers && running.size >= scenario.maxVUs) await Promise.race(running)
    if (running.size >= scenario.maxVUs) {
      samples.add('dropped_iterations', 1)
      continue
    }
    const one = pool.iterate(scenario.exec, iteration).finally(() => running.delete(one))
    running.add(one)
  }
  await Promise.all(running)
}

/** When each iteration is due: a straight line of rates from stage to stage, a millisecond at a time. */
function arrivalTimes({ startRate, timeUnit, stages }: Arrivals): number[] {
  const unitMs = durationMs(timeUnit)
  const times: number[] = []
  let [sum, rate, atMs] = [0, startRate, 0]
  for (const { target, duration } of stages) {
    const stageMs = durationMs(duration)
    for (let ms = 0; ms < stageMs; ms++) {
      sum += (rate + ((target - rate) * (ms + 0.5)) / stageMs) / unitMs
      if (sum >= times.length + 1 - 1e-9) times.push(atMs + ms)
    }
    atMs += stageMs
    rate = target
  }
  return times
}
