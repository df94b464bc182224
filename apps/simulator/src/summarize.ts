/**
 * The summary of a run, from its plan, its record and what its workers counted.
 */
import { present } from '@muster/model'
import manifest from '../package.json' with { type: 'json' }
import { judge, verdictText, type UnjudgedSummary } from './assertions.ts'
import type { JobProgress } from './control/rollout.ts'
import { growthPerHour, type LatencyHistogram, type Steadiness } from '@muster/fleet'
import type { GatewayUsage, ServerUsage } from '@muster/fleet/control'
import type { Recorder } from './report/recorder.ts'
import type { RunPlan } from './run-plan.ts'
import type { RunRecord } from './run-record.ts'
import type { LatencySummary, MessageSummary, Summary } from './summary.ts'
import type { FleetMessages } from './worker/message-tally.ts'
import type { FleetCounts } from './worker/worker-pool.ts'

/** What a summary is made from. */
export interface RunFacts {
  readonly plan: RunPlan
  /** What it ran against, for people. */
  readonly target: string
  readonly record: RunRecord
  readonly counts: FleetCounts
  readonly recorder: Recorder
  /** A local server's use before the first connection and now. */
  readonly usage: readonly [ServerUsage | undefined, ServerUsage | undefined]
  /** Of the server; undefined without a soak. */
  readonly steadiness?: Steadiness | undefined
}

/** Adds up a run and judges it by the scenario's assertions. */
export function summarize(facts: RunFacts): Summary {
  const { plan, record, counts, usage } = facts
  const { scenario, shard, mine, plans } = plan
  const { job, connectSeconds, endedEarly, orphanCertificates } = record
  const { jobs, planned, targets, ...executions } = record.jobTotals
  const server = usageSince(usage, mine.length)
  const summary: UnjudgedSummary = {
    scenario: scenario.name,
    ...present({ description: scenario.description }),
    version: manifest.version,
    target: facts.target,
    beganAt: new Date(record.beganAtMs).toISOString(),
    seconds: round(record.elapsedSeconds),
    seed: plan.seed,
    ...(shard.count > 1 ? { shard: `${shard.index}/${shard.count}` } : {}),
    devices: mine.length,
    ...(shard.count > 1 ? { fleetDevices: plans.length } : {}),
    connected: counts.everConnected,
    ...executions,
    denied: Object.values(counts.denied).reduce((sum, count) => sum + count, 0),
    deniedByReason: counts.denied,
    expectedDenials: counts.expectedDenials,
    undenied: counts.undenied,
    ...(orphanCertificates === undefined ? {} : { orphanCertificates }),
    reconnects: counts.reconnects,
    onboardSeconds: round(record.onboardSeconds),
    certificatesMade: record.certificatesMade,
    connectSeconds: round(connectSeconds),
    connectRate: round(counts.everConnected / Math.max(0.001, connectSeconds)),
    rolloutSeconds: round(record.rolloutSeconds),
    ...(job === undefined ? {} : jobFacts(job, targets)),
    ...(record.soakBeganAtSeconds === undefined ? {} : { soak: soakOf(facts, jobs) }),
    notifyToSuccessMs: latencyOf(counts.notifyToSuccess),
    ...(plan.publishes ? { messages: messagesOf(counts.messages) } : {}),
    generator: generatorUse(facts),
    ...(server === undefined ? {} : { server }),
    phases: record.phases,
    refusals: counts.refusals,
    faults: counts.faults,
    errors: counts.errors,
    ...present({ endedEarly }),
  }
  const assertions = endedEarly === undefined ? judge(plan, planned, summary) : []
  const broken = assertions.filter(({ held }) => !held).map(verdictText)
  const threw = Object.entries(counts.moduleErrors).map(
    ([what, count]) => `a module threw${count === 1 ? '' : ` ${count} times`}: ${what}`,
  )
  const failures = [...record.failures, ...threw, ...broken]
  return { ...summary, assertions, ok: failures.length === 0, failures }
}

function jobFacts(
  { jobId, status, reasonCode, comment }: JobProgress,
  targets: number,
): Pick<Summary, 'jobId' | 'jobStatus' | 'jobTargets' | 'jobReasonCode' | 'jobComment'> {
  const reason = present({ jobReasonCode: reasonCode, jobComment: comment })
  return { jobId, jobStatus: status, jobTargets: targets, ...reason }
}

function soakOf(
  { record, recorder, steadiness }: RunFacts,
  jobs: number,
): NonNullable<Summary['soak']> {
  const { elapsedSeconds, rounds, soakBeganAtSeconds = 0 } = record
  const memory = recorder.samples
    .filter(({ seconds }) => seconds >= soakBeganAtSeconds)
    .map(({ rssBytes, seconds }) => [seconds, rssBytes] as const)
  return {
    seconds: round(elapsedSeconds - soakBeganAtSeconds),
    rounds,
    jobs,
    rssGrowthBytesPerHour: growthPerHour(memory) ?? null,
    steadiness: steadiness ?? null,
  }
}

function messagesOf(messages: FleetMessages): MessageSummary {
  const { publishToAck, publishToDelivery, ...sums } = messages
  return {
    ...sums,
    publishToAckMs: latencyOf(publishToAck),
    publishToDeliveryMs: latencyOf(publishToDelivery),
  }
}

function latencyOf(histogram: LatencyHistogram): LatencySummary {
  const percentile = (share: number): number | null => histogram.percentile(share) ?? null
  const { count } = histogram
  return { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), count }
}

function generatorUse(facts: RunFacts): Summary['generator'] {
  const { plan, record, counts, recorder } = facts
  const devices = plan.mine.length
  const ended = counts.succeeded + counts.failed + counts.rejected
  const jobCpuSeconds = counts.cpuSeconds - record.jobCreatedCpuSeconds
  const hasEnded = record.job !== undefined && ended > 0
  return {
    processes: record.processes,
    cpuSeconds: round(counts.cpuSeconds),
    connectCpuMsPerDevice: round((record.connectCpuSeconds * 1000) / devices),
    jobCpuMsPerExecution: hasEnded ? round((jobCpuSeconds * 1000) / ended) : null,
    rssBytes: recorder.rssBytesMax,
    rssBytesPerDevice: Math.round(recorder.rssBytesMax / devices),
    eventLoopLagMsMax: Math.round(recorder.eventLoopLagMsMax),
    workers: counts.workers.map(({ cpuSeconds, rssBytes }) => ({
      rssBytes,
      cpuSeconds: round(cpuSeconds),
    })),
  }
}

function usageSince([before, after]: RunFacts['usage'], devices: number): Summary['server'] {
  if (before === undefined || after === undefined) return undefined
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds
  return {
    rssBytes: after.rssBytes,
    rssBytesPerDevice: Math.round(Math.max(0, after.rssBytes - before.rssBytes) / devices),
    cpuSeconds: round(cpuSeconds),
    cpuMsPerDevice: round((cpuSeconds * 1000) / devices),
    ...(after.gateways.length > 0 && { gateways: gatewaysSince(before.gateways, after.gateways) }),
  }
}

/** One that was started anew meanwhile counts from its start. */
function gatewaysSince(
  before: readonly GatewayUsage[],
  after: readonly GatewayUsage[],
): NonNullable<NonNullable<Summary['server']>['gateways']> {
  return after.map(({ name, connections, rssBytes, cpuSeconds }) => {
    const usedBefore = before.find((gateway) => gateway.name === name)?.cpuSeconds ?? 0
    const used = cpuSeconds < usedBefore ? cpuSeconds : cpuSeconds - usedBefore
    return { name, connections, rssBytes, cpuSeconds: round(used) }
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
