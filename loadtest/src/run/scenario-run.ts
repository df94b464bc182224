/** One scenario from its first connection to its summary. */
import { setTimeout as wait } from 'node:timers/promises'
import type { IoTClient } from '@aws-sdk/client-iot'
import type { DeviceEndpoint } from '@muster/device'
import { machineMs, ProcessUsage, SteadyRecord } from '@muster/fleet'
import { ServerWatch, type OnboardedFleet, type ServerUsage } from '@muster/fleet/control'
import type { ScenarioFacts } from '../catalogue.ts'
import { offerOf, stagesOf, type LoadProfile, type Stage } from '../load-profile.ts'
import type { Director } from '../scenarios/director.ts'
import { sumOf, Tally, type TallyData } from '../tally.ts'
import { judge } from '../thresholds/judge.ts'
import { stepThresholds } from '../thresholds/default-thresholds.ts'
import { thresholdsFor } from '../thresholds/read-thresholds.ts'
import type { DevicePlan, Operator } from '../worker/worker-messages.ts'
import { directorOf } from './directors.ts'
import { devicePlans } from './device-plans.ts'
import { KneeSearch } from './knee.ts'
import type { LoadOptions } from './load-options.ts'
import type { LoadProgress } from './load-progress.ts'
import { LoadHistory, type LoadSample } from './load-sample.ts'
import { figuresOf, type LoadSummary, type StageSummary } from './load-summary.ts'
import { LoadWorkers } from './load-workers.ts'
import { summarize } from './summarize.ts'

/** What all scenarios of a command share. */
export interface SharedRun {
  readonly options: LoadOptions
  readonly client: IoTClient
  readonly operator: Operator
  readonly endpoint: DeviceEndpoint
  readonly fleet: OnboardedFleet
  /** Principals that were there before this command; undefined where the server does not tell. */
  readonly principalsBefore: number | undefined
  /** Of this command, so far. */
  readonly messagesSent: number
}

/** What a scenario leaves. */
export interface ScenarioResult {
  readonly summary: LoadSummary
  readonly samples: readonly LoadSample[]
  readonly messages: number
}

const LOOK_EVERY_MS = 250
const SETUP = -1
/** How long what was answered may take to be delivered, and the server to see who is there. */
const SETTLE_MS = 5000
/** A run that ends early may take so long to take its leave. */
const LEAVE_MS = 3000
const LEAVE_MS_MAX = 30_000
/** A soak removes jobs that are so old: a file that keeps all of them has to grow. */
const SOAK_JOBS_KEPT_MS = 60_000

/**
 * Runs it.
 *
 * @throws Error for what keeps it from beginning; what happens later is in its summary
 */
export async function runScenario(
  shared: SharedRun,
  scenario: ScenarioFacts,
): Promise<ScenarioResult> {
  const run = new ScenarioRun(shared, scenario)
  try {
    return await run.execute()
  } finally {
    run.close()
  }
}

class ScenarioRun {
  readonly #shared: SharedRun
  readonly #scenario: ScenarioFacts
  readonly #profile: LoadProfile
  readonly #runId = `${Date.now().toString(36)}${process.pid.toString(36)}`
  readonly #plans: readonly DevicePlan[]
  readonly #workers = new LoadWorkers()
  readonly #director: Director | undefined
  readonly #history = new LoadHistory()
  readonly #usage = new ProcessUsage()
  readonly #cpuBefore = process.cpuUsage()
  readonly #watch: ServerWatch
  readonly #steady: SteadyRecord | undefined
  readonly #ticker: NodeJS.Timeout
  readonly #over = new AbortController()
  /** What this process counts beside the workers, by stage. */
  readonly #own = new Map<number, Tally>([[SETUP, new Tally()]])
  readonly #stages: StageSummary[] = []
  /** What finished stages came to: who answers after that is too late. */
  readonly #finished = new Map<number, TallyData>()
  #phase = 'connecting'
  #stage = SETUP
  #beganAtMs = machineMs()
  #endedEarly: string | undefined
  #usageBefore: ServerUsage | undefined
  #principals: number | undefined
  #knee: KneeSearch | undefined
  #allGoneSinceMs: number | undefined

  constructor(shared: SharedRun, scenario: ScenarioFacts) {
    this.#shared = shared
    this.#scenario = scenario
    const { options, client, endpoint, fleet } = shared
    const { profile } = options
    const weight = profile.isGiven === true ? 1 : scenario.weight
    this.#profile = { ...profile, perSecond: profile.perSecond * weight }
    this.#plans = devicePlans(scenario, options.path, profile.devices)
    const { answerWithinSeconds = 10, outageSeconds = 5, serverEnded, signal } = options
    this.#director = directorOf(scenario.name, {
      runId: this.#runId,
      client,
      fleet,
      endpoint,
      identities: fleet.identities,
      devices: this.#plans,
      answerWithinMs: answerWithinSeconds * 1000,
      ...(profile.name === 'soak' && { jobsKeptMs: SOAK_JOBS_KEPT_MS }),
    })
    this.#watch = new ServerWatch(options.endpoints, outageSeconds, (why) => this.#end(why))
    if (profile.name === 'soak') this.#steady = new SteadyRecord(profile.seconds)
    this.#ticker = setInterval(() => this.#tick(), LOOK_EVERY_MS)
    serverEnded?.catch((cause: unknown) => this.#end((cause as Error).message))
    signal?.addEventListener('abort', () => this.#end('interrupted'), { once: true })
    if (signal?.aborted === true) this.#end('interrupted')
  }

  async execute(): Promise<ScenarioResult> {
    const aborted = new Promise<void>((resolve) => {
      this.#over.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([this.#prepare(), aborted])
    const carried = this.#carryOut()
    await Promise.race([carried, aborted])
    // What the work still comes to, after it lost the race, concerns nobody.
    carried.catch(() => {})
    if (this.#endedEarly !== undefined) await this.#endEarly()
    const summary = await this.#summary()
    const leaveMs = this.#endedEarly === undefined ? LEAVE_MS_MAX : LEAVE_MS
    await Promise.race([this.#leave(), wait(leaveMs, undefined, { ref: false })])
    return { summary, samples: this.#history.samples, messages: this.#messages }
  }

  close(): void {
    clearInterval(this.#ticker)
    this.#watch.close()
    this.#workers.close()
  }

  async #prepare(): Promise<void> {
    const { endpoint, fleet, operator, options } = this.#shared
    const { answerWithinSeconds = 10 } = options
    const setup = this.#ownTally(SETUP)
    const played = this.#director?.plays ?? 0
    await this.#workers.start({
      scenario: this.#scenario.name,
      runId: this.#runId,
      devices: this.#plans.slice(played),
      fleet: this.#plans,
      endpoint,
      identityFolder: fleet.identities.path,
      answerWithinMs: answerWithinSeconds * 1000,
      workers: options.workers,
      ...(this.#scenario.signs === true && { operator }),
    })
    await this.#workers.open()
    await this.#director?.prepare(setup)
    this.#usageBefore = await this.#watch.look()
  }

  async #carryOut(): Promise<void> {
    if (this.#over.signal.aborted) return
    this.#beganAtMs = machineMs()
    if (this.#profile.name === 'stress') {
      this.#knee = new KneeSearch(this.#profile, this.#workers.size)
      for (let step = this.#knee.next(); step !== undefined; step = this.#knee.next()) {
        const summary = await this.#offer(step)
        if (this.#over.signal.aborted) return
        this.#knee.took(summary)
      }
    } else {
      for (const stage of stagesOf(this.#profile)) {
        await this.#offer(stage)
        if (this.#over.signal.aborted) return
      }
    }
    this.#phase = 'roll call'
    await this.#workers.rollCall()
    this.#principals = await this.#seenPrincipals()
  }

  async #offer(stage: Stage): Promise<StageSummary> {
    const number = ++this.#stage
    this.#phase = stage.name
    const { closed = false, messagesMax } = this.#shared.options
    const { isDirected = false, isStorm = false } = this.#scenario
    const workers = this.#workers.size
    const mine = this.#plans.length - (this.#director?.plays ?? 0)
    const left = messagesMax === undefined ? undefined : messagesMax - this.#messages
    const own = this.#ownTally(number)
    const beginsAtMs = machineMs() + 50
    const bound = left === undefined ? {} : { messagesMax: Math.max(0, left) }
    const each = left === undefined ? {} : { messagesMax: Math.max(0, Math.floor(left / workers)) }
    const offer = offerOf(
      isDirected ? { ...stage, perSecond: 0, toPerSecond: 0 } : stage,
      workers,
      {
        beginsAtMs,
        ...each,
        ...(isStorm && !isDirected && { atOnce: Math.max(1, Math.ceil(mine / workers)) }),
        ...(closed && !isDirected && { underWay: Math.max(1, Math.ceil((mine || 50) / workers)) }),
      },
    )
    const before = await this.#watch.look()
    const cpuBefore = this.#workers.usage.cpuSeconds
    this.#workers.takeLagP99()
    const began = machineMs()
    await Promise.all([
      this.#workers.offer(number, offer),
      this.#director?.direct(
        { ...offerOf(stage, 1, { beginsAtMs }), ...bound },
        own,
        this.#over.signal,
      ),
    ])
    await this.#settled(number)
    const seconds = (machineMs() - began) / 1000
    if (left !== undefined && this.#messages >= (messagesMax ?? 0)) {
      this.#end(`the bound of ${messagesMax} messages was reached`)
    }
    const after = await this.#watch.look()
    const tally = this.#tallyOf(number)
    this.#finished.set(number, tally.data)
    const figures = figuresOf(tally, stage.seconds)
    const share = (used: number): number => Math.round((used / seconds) * 1000) / 1000
    const summary: StageSummary = {
      name: stage.name,
      perSecond: Math.round((stage.toPerSecond ?? stage.perSecond) * 10) / 10,
      ...figures,
      serverCpu: before && after ? share(after.cpuSeconds - before.cpuSeconds) : null,
      generatorCpu: share(this.#workers.usage.cpuSeconds - cpuBefore),
      loopLagMsP99: this.#workers.takeLagP99(),
    }
    const judged = this.#knee === undefined ? summary : { ...summary, broke: this.#broke(summary) }
    this.#stages.push(judged)
    return judged
  }

  #broke(step: StageSummary): string[] {
    const { thresholds } = this.#shared.options
    const asked = thresholdsFor(this.#scenario.name, stepThresholds(this.#scenario), thresholds)
    return judge(step, asked)
      .filter(({ held }) => !held)
      .map(({ bound, measure, value }) => `${measure} ${value} (${bound})`)
  }

  /** Waits for what devices tell by themselves: executions of jobs, deliveries. */
  async #settled(stage: number): Promise<void> {
    const { answerWithinSeconds = 10 } = this.#shared.options
    const answersUntilMs = machineMs() + answerWithinSeconds * 1000
    while (this.#tallyOf(stage).underWay > 0 && machineMs() < answersUntilMs) {
      if (this.#over.signal.aborted) return
      await wait(50)
    }
    const { underWay } = this.#tallyOf(stage)
    if (underWay > 0) this.#ownTally(stage).timedOut(this.#scenario.unit, underWay)
    const untilMs = machineMs() + SETTLE_MS
    while (machineMs() < untilMs && !this.#over.signal.aborted) {
      const { delivered, deliveriesDue } = this.#tallyOf(stage).sums
      if (delivered >= deliveriesDue) return
      await wait(50)
    }
  }

  /** The server sees a device a moment after the device knows. */
  async #seenPrincipals(): Promise<number | undefined> {
    const { principalsBefore } = this.#shared
    if (principalsBefore === undefined) return undefined
    const untilMs = machineMs() + SETTLE_MS
    for (;;) {
      const usage = await this.#watch.look()
      if (usage === undefined) return undefined
      const seen = usage.principals - principalsBefore
      if (seen === this.#plans.length || machineMs() >= untilMs) return seen
      await wait(100)
    }
  }

  async #endEarly(): Promise<void> {
    await Promise.race([
      this.#workers.stop().catch(() => {}),
      wait(LEAVE_MS, undefined, { ref: false }),
    ])
    // Those who were under way are told apart from those who were answered.
    await wait(LOOK_EVERY_MS * 2)
    if (this.#stage === SETUP) return
    const stage = this.#stage
    if (this.#stages.length > stage) return
    const { underWay } = this.#tallyOf(stage)
    if (underWay > 0)
      this.#ownTally(stage).failed(this.#scenario.unit, 'under way at the end', underWay)
  }

  async #summary(): Promise<LoadSummary> {
    this.#tick()
    const { options } = this.#shared
    const usage = this.#endedEarly === undefined ? await this.#watch.look() : this.#watch.last
    const stages = [...this.#own.keys()].filter((stage) => stage !== SETUP)
    const { user, system } = process.cpuUsage(this.#cpuBefore)
    const before = this.#usageBefore
    const elapsed = (machineMs() - this.#beganAtMs) / 1000
    const planned = this.#stages.reduce((sum, { seconds }) => sum + seconds, 0)
    return summarize({
      scenario: this.#scenario,
      asked: options,
      devices: this.#plans.length,
      principals: this.#principals,
      tally: sumOf(stages.map((stage) => this.#tallyOf(stage).data)),
      seconds: planned > 0 ? planned : elapsed,
      elapsedSeconds: elapsed,
      stages: this.#stages,
      knee: this.#knee?.knee,
      generator: {
        processes: this.#workers.size,
        cpuSeconds:
          Math.round((this.#workers.usage.cpuSeconds + (user + system) / 1e6) * 100) / 100,
        loopLagMsP99: Math.max(
          this.#workers.takeLagP99(),
          ...this.#stages.map((it) => it.loopLagMsP99),
        ),
        bytesPerDevice: this.#workers.bytesPerDevice,
      },
      usage: before && usage ? [before, usage] : undefined,
      steadiness: this.#steady?.judge(),
      endedEarly: this.#endedEarly,
    })
  }

  async #leave(): Promise<void> {
    this.#phase = 'leaving'
    await this.#workers.disconnect().catch(() => {})
    await this.#director?.finish().catch(() => {})
  }

  #end(why: string): void {
    if (this.#endedEarly !== undefined) return
    this.#endedEarly = why
    this.#over.abort()
  }

  get #messages(): number {
    const own = [...this.#own.values()].reduce((sum, { sums }) => sum + sums.messages, 0)
    return this.#shared.messagesSent + this.#workers.messages + own
  }

  #ownTally(stage: number): Tally {
    let tally = this.#own.get(stage)
    if (tally === undefined) {
      tally = new Tally()
      this.#own.set(stage, tally)
    }
    return tally
  }

  #tallyOf(stage: number): Tally {
    const finished = this.#finished.get(stage)
    if (finished !== undefined) return sumOf([finished])
    return sumOf([this.#workers.tallyOf(stage).data, this.#ownTally(stage).data])
  }

  #tick(): void {
    const all = new Tally()
    for (const stage of this.#own.keys()) if (stage !== SETUP) all.add(this.#tallyOf(stage).data)
    const usage = this.#workers.usage
    const own = this.#usage.read()
    const { last } = this.#watch
    const progress: LoadProgress = {
      scenario: this.#scenario.name,
      phase: this.#phase,
      elapsedSeconds: (machineMs() - this.#beganAtMs) / 1000,
      totalSeconds: this.#profile.name === 'stress' ? undefined : this.#profile.seconds,
      devices: this.#plans.length,
      onboarded: this.#plans.length,
      connected:
        this.#workers.connected + (this.#stage === SETUP ? 0 : (this.#director?.plays ?? 0)),
      sums: all.sums,
      kinds: all.kinds,
      recent: this.#workers.takeRecent(),
      cpuSeconds: usage.cpuSeconds,
      loopLagMs: Math.max(usage.loopLagMs, own.eventLoopLagMs),
      server: last,
    }
    if (this.#stage !== SETUP) this.#history.record(progress)
    this.#noteSteadiness(progress)
    this.#shared.options.onProgress?.(progress)
    this.#noticeLoss(progress)
  }

  /** What comes before and after the load is not what a soak is about. */
  #noteSteadiness({ elapsedSeconds, phase, recent, server }: LoadProgress): void {
    if (this.#stage === SETUP || phase !== this.#profile.name) return
    if (server !== undefined) this.#steady?.use(elapsedSeconds, server)
    this.#steady?.latencies(elapsedSeconds, recent)
  }

  /** Where the server does not tell of itself, devices do: none of them is left. */
  #noticeLoss({ connected, devices }: LoadProgress): void {
    const { outageSeconds = 5 } = this.#shared.options
    const offering = this.#stage !== SETUP && this.#phase !== 'leaving' && devices > 0
    if (!offering || connected > 0 || this.#watch.last !== undefined) {
      this.#allGoneSinceMs = undefined
      return
    }
    this.#allGoneSinceMs ??= machineMs()
    if (machineMs() - this.#allGoneSinceMs < 2 * outageSeconds * 1000) return
    this.#end(`no device has had a connection for ${2 * outageSeconds} s`)
  }
}
