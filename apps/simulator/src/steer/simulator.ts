/**
 * Fleets that are steered from outside while they run: one at a time.
 */
import type { Network, Scenario } from '../scenario/scenario.ts'
import type { SimulateOptions } from '../simulate-options.ts'
import { simulate } from '../simulate.ts'
import type { Progress, Summary } from '../summary.ts'
import { FleetBehaviours } from './fleet-behaviours.ts'
import { readFleetChange } from './fleet-change.ts'
import { FleetRates } from './fleet-rates.ts'
import type { RunningFleet } from './running-fleet.ts'
import { simulatorState, type SimulatorState } from './simulator-state.ts'

/** What every run of a {@link Simulator} has in common: where, as whom, with which keys. */
export type SimulatorTarget = Pick<
  SimulateOptions,
  'endpoints' | 'region' | 'credentials' | 'identityFolder' | 'clockRate' | 'log'
>

/** What of a run is its own. */
export interface SimulatorRun extends Pick<
  SimulateOptions,
  'scenario' | 'devices' | 'seed' | 'signal' | 'onProgress' | 'stay'
> {
  /** Whether the fleet stays when its phases are over, until it is stopped. */
  readonly stays: boolean
}

/** Why a simulator does not do something, for whoever asked. */
export interface SimulatorRefusal {
  readonly status: 400 | 409
  readonly message: string
}

interface Current {
  readonly name: string
  readonly scenario: Scenario
  readonly stop: AbortController
  readonly rates: FleetRates
  /** Resolves when the fleet is gone. */
  over: Promise<unknown>
  fleet: RunningFleet | undefined
  behaviours: FleetBehaviours | undefined
  progress: Progress | undefined
  network: Network | null
  failures: readonly string[]
  isOver: boolean
}

/** The simulator of one process. */
export class Simulator {
  readonly #target: SimulatorTarget
  #current: Current | undefined

  constructor(target: SimulatorTarget) {
    this.#target = target
  }

  get state(): SimulatorState {
    const run = this.#current
    return simulatorState(
      run && {
        scenario: run.name,
        isStopping: run.stop.signal.aborted,
        isOver: run.isOver,
        failures: run.failures,
        plan: run.fleet?.plan,
        progress: run.progress,
        byBehaviour: run.behaviours?.shares() ?? [],
        network: run.network,
        rates: run.rates.rates,
      },
    )
  }

  /**
   * Runs a scenario to its end.
   *
   * @throws what {@link simulate} throws; an Error while another one runs
   */
  run(options: SimulatorRun): Promise<Summary> {
    if (this.#isRunning) throw new Error(busy(this.#current?.name).message)
    const { scenario, signal, onProgress, stay, stays, devices, seed } = options
    const run = newRun(scenario)
    this.#current = run
    const stop = (): void => run.stop.abort(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted === true) stop()
    const summary = simulate({
      ...this.#target,
      scenario,
      ...(devices !== undefined && { devices }),
      ...(seed !== undefined && { seed }),
      signal: run.stop.signal,
      onRunning: (fleet) => {
        run.fleet = fleet
        run.behaviours = new FleetBehaviours(fleet.plan.plans, fleet.plan.seed)
      },
      onProgress: (progress) => {
        run.progress = progress
        run.rates.see(performance.now(), progress.counts)
        onProgress?.(progress)
      },
      ...(stays && {
        stay: async (atEnd: Summary): Promise<void> => {
          run.failures = atEnd.failures
          await stay?.(atEnd)
          await aborted(run.stop.signal)
        },
      }),
    })
    run.over = summary
      .then(
        ({ failures }) => (run.failures = failures),
        (cause: unknown) => {
          run.failures = [cause instanceof Error ? cause.message : String(cause)]
        },
      )
      .finally(() => {
        run.isOver = true
        signal?.removeEventListener('abort', stop)
      })
    return summary
  }

  /** Starts a scenario that stays until it is stopped; its failures are told by the state. */
  start(
    options: Pick<SimulatorRun, 'scenario' | 'devices' | 'seed'>,
  ): SimulatorRefusal | undefined {
    if (this.#isRunning) return busy(this.#current?.name)
    // What goes wrong is in the state, for whoever started it.
    this.run({ ...options, stays: true }).catch(() => {})
    return undefined
  }

  /** Disconnects the fleet in good order; resolves when every device is gone. */
  async stop(): Promise<void> {
    const run = this.#current
    if (run === undefined || run.isOver) return
    run.stop.abort(new Error('stopped'))
    await run.over
  }

  /** Changes the running fleet; what is expected is checked first. */
  async change(body: unknown): Promise<SimulatorRefusal | undefined> {
    const run = this.#current
    if (run === undefined || run.isOver || run.stop.signal.aborted) {
      return { status: 409, message: 'no fleet runs: start a scenario first' }
    }
    const change = readFleetChange(body, run.scenario)
    if (typeof change === 'string') return { status: 400, message: change }
    if (run.fleet === undefined) {
      return { status: 409, message: 'the fleet is being onboarded: change it once it connects' }
    }
    await run.fleet.change(change)
    run.behaviours?.change(change)
    if (change.network !== undefined) run.network = change.network
    return undefined
  }

  get #isRunning(): boolean {
    return this.#current !== undefined && !this.#current.isOver
  }
}

function newRun(scenario: Scenario): Current {
  return {
    name: scenario.name,
    scenario,
    stop: new AbortController(),
    rates: new FleetRates(),
    over: Promise.resolve(),
    fleet: undefined,
    behaviours: undefined,
    progress: undefined,
    network: null,
    failures: [],
    isOver: false,
  }
}

function busy(name: string | undefined): SimulatorRefusal {
  return { status: 409, message: `scenario \`${name}\` runs: stop it first` }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
