/**
 * What the simulator of a process is at, as its admin API tells it.
 */
import type { JobProgress } from '../control/rollout.ts'
import type { RunPlan } from '../run-plan.ts'
import type { Network } from '../scenario/scenario.ts'
import type { Progress } from '../summary.ts'
import type { Kinds } from '../worker/worker-messages.ts'
import type { BehaviourShare } from './fleet-behaviours.ts'
import type { Rates } from './fleet-rates.ts'

/** Where a simulator is. */
export type SimulatorPhase =
  | 'stopped'
  | 'onboarding'
  | 'connecting'
  | 'rollout'
  | 'running'
  | 'stopping'

/** What `/_muster/simulator` answers. */
export interface SimulatorState {
  readonly state: SimulatorPhase
  /** Running, or the last that ran. */
  readonly scenario: string | null
  /** What did not go as it should, one sentence each. */
  readonly failures: readonly string[]
  /** Thing group of the whole fleet. */
  readonly thingGroup: string | null
  readonly devices: number
  readonly onboarded: number
  readonly connected: number
  /** Executions that devices are at work on. */
  readonly running: number
  readonly byProtocol: readonly { readonly protocol: string; readonly devices: number }[]
  readonly byBehaviour: readonly BehaviourShare[]
  /** Since the scenario began. */
  readonly totals: {
    readonly connects: number
    readonly reconnects: number
    readonly disconnects: number
    readonly started: number
    readonly succeeded: number
    readonly failed: number
    readonly rejected: number
    readonly cancelled: number
    /** Denials that the scenario does not call for. */
    readonly denied: number
    readonly expectedDenials: number
    readonly errors: number
  }
  /** Wall time, over the last seconds. */
  readonly ratesPerSecond: Rates
  /** From `notify-next` to the accepted SUCCEEDED, wall milliseconds. */
  readonly notifyToSuccessMs: {
    readonly p50: number | null
    readonly p95: number | null
    readonly p99: number | null
    readonly count: number
  }
  /** The network that devices were changed to last; null: the scenario's own. */
  readonly network: Network | null
  readonly faults: Kinds
  readonly errors: Kinds
  readonly refusals: Kinds
  readonly deniedByReason: Kinds
  /** The scenario's own job, as it was last seen. */
  readonly job: JobProgress | null
}

/** What is known of a run. */
export interface RunFacts {
  readonly scenario: string
  readonly isStopping: boolean
  readonly isOver: boolean
  readonly failures: readonly string[]
  readonly plan: RunPlan | undefined
  readonly progress: Progress | undefined
  readonly byBehaviour: readonly BehaviourShare[]
  readonly network: Network | null
  readonly rates: Rates
}

/** The state of a simulator whose run is, or was, this one; undefined: none ever ran. */
export function simulatorState(run: RunFacts | undefined): SimulatorState {
  const { plan, progress } = run ?? {}
  const counts = progress?.counts
  const latency = counts?.notifyToSuccess
  const percentile = (share: number): number | null => latency?.percentile(share) ?? null
  return {
    state: phaseOf(run),
    scenario: run?.scenario ?? null,
    failures: run?.failures ?? [],
    thingGroup: plan?.rootGroup ?? null,
    devices: progress?.devices ?? plan?.mine.length ?? 0,
    onboarded: progress?.onboarded ?? 0,
    connected: counts?.connected ?? 0,
    running: counts?.running ?? 0,
    byProtocol: plan === undefined ? [] : byProtocol(plan),
    byBehaviour: run?.byBehaviour ?? [],
    totals: {
      connects: (counts?.everConnected ?? 0) + (counts?.reconnects ?? 0),
      reconnects: counts?.reconnects ?? 0,
      disconnects: counts?.disconnects ?? 0,
      started: counts?.started ?? 0,
      succeeded: counts?.succeeded ?? 0,
      failed: counts?.failed ?? 0,
      rejected: counts?.rejected ?? 0,
      cancelled: counts?.cancelled ?? 0,
      denied: sum(counts?.denied),
      expectedDenials: counts?.expectedDenials ?? 0,
      errors: sum(counts?.errors),
    },
    ratesPerSecond: run?.rates ?? { connects: 0, disconnects: 0, started: 0, ended: 0 },
    notifyToSuccessMs: {
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
      count: latency?.count ?? 0,
    },
    network: run?.network ?? null,
    faults: counts?.faults ?? {},
    errors: counts?.errors ?? {},
    refusals: counts?.refusals ?? {},
    deniedByReason: counts?.denied ?? {},
    job: progress?.job ?? null,
  }
}

function phaseOf(run: RunFacts | undefined): SimulatorPhase {
  if (run === undefined || run.isOver) return 'stopped'
  const { phase = 'onboarding' } = run.progress ?? {}
  if (run.isStopping || phase === 'draining' || phase === 'done') return 'stopping'
  return phase
}

function byProtocol({ mine }: RunPlan): SimulatorState['byProtocol'] {
  const counts = new Map<string, number>()
  for (const { group } of mine) {
    const protocol = group.connection?.protocol ?? 'mqtt'
    counts.set(protocol, (counts.get(protocol) ?? 0) + 1)
  }
  return [...counts].map(([protocol, devices]) => ({ protocol, devices }))
}

function sum(kinds: Kinds | undefined): number {
  return Object.values(kinds ?? {}).reduce((total, count) => total + count, 0)
}
