import { steadyFacts, type Fact } from '@muster/fleet/report'
import type { LatencySummary, ProcessUse, Summary } from '../summary.ts'

/** Memory that grows shows in an hour. */
const SECONDS_TO_TELL = 3600

/** A summary for people, fact by fact. */
export function summaryFacts(summary: Summary): readonly Fact[] {
  return [
    ['devices', `${summary.connected} of ${summary.devices} connected${shardNote(summary)}`],
    ['connect', `${summary.connectSeconds} s, ${summary.connectRate} a second`],
    ...soakFacts(summary),
    ['rollout', rollout(summary)],
    ['executions', executions(summary)],
    ['notify to success', latencyText(summary.notifyToSuccessMs)],
    ...messageFacts(summary),
    ['denials', `${summary.denied} unexpected, ${summary.expectedDenials} expected`],
    ['generator', generator(summary)],
    ...serverFacts(summary),
    ...processFacts(summary),
  ]
}

function soakFacts({ soak }: Summary): readonly Fact[] {
  if (soak === undefined) return []
  const { jobs, rounds, rssGrowthBytesPerHour: growth, seconds, steadiness } = soak
  const isShort = seconds < SECONDS_TO_TELL ? ', mostly by chance in so short a time' : ''
  const grows =
    growth === null
      ? 'too short to say'
      : `${(growth / 1_048_576).toFixed(1)} MiB an hour${isShort}`
  return [
    ['soak', `${seconds} s, ${rounds} round${rounds === 1 ? '' : 's'}, ${jobs} jobs`],
    ['memory growth of the fleet', grows],
    ...(steadiness === null
      ? []
      : [['over the soak', steadiness.verdict] as const, ...steadyFacts(steadiness)]),
  ]
}

function messageFacts({ messages }: Summary): readonly Fact[] {
  if (messages === undefined) return []
  const { acknowledged, delivered, deliveriesDue, publishToAckMs, publishToDeliveryMs } = messages
  const { lost, notSent, refused, sent } = messages
  const counts: readonly (readonly [number, string])[] = [
    [refused, 'refused'],
    [lost, 'lost'],
    [notSent, 'not sent'],
  ]
  return [
    [
      'messages',
      [`${sent} sent, ${acknowledged} acknowledged`]
        .concat(counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`))
        .join(', '),
    ],
    ['deliveries', `${delivered} of ${deliveriesDue}`],
    ['publish to ack', latencyText(publishToAckMs)],
    ['publish to delivery', latencyText(publishToDeliveryMs)],
  ]
}

function shardNote({ shard, fleetDevices }: Summary): string {
  return shard === undefined ? '' : `, shard ${shard} of a fleet of ${fleetDevices}`
}

function rollout(summary: Summary): string {
  const { jobComment, jobReasonCode, jobStatus, rolloutSeconds } = summary
  if (jobStatus === undefined) return 'no job'
  const why = [jobReasonCode, jobComment].filter((part) => part !== undefined).join(': ')
  const took = rolloutSeconds === 0 ? 'not over' : `${rolloutSeconds} s`
  return `${took}, job ${jobStatus}${why === '' ? '' : ` (${why})`}`
}

/** Every target is in one of these numbers; what is zero is left out, but for the first three. */
function executions(summary: Summary): string {
  const { jobTargets } = summary
  if (jobTargets === undefined) return 'none'
  const counts: readonly (readonly [number, string])[] = [
    [summary.timedOut, 'timed out'],
    [summary.canceled, 'canceled'],
    [summary.removed, 'removed'],
    [summary.inProgress, 'in progress'],
    [summary.queued, 'queued'],
    [summary.notReached, 'not reached'],
  ]
  return [
    `${summary.succeeded} succeeded, ${summary.failed} failed, ${summary.rejected} rejected`,
    ...counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
  ]
    .join(', ')
    .concat(` of ${jobTargets} targets`)
}

function generator({ generator: use }: Summary): string {
  return (
    `${use.processes} process${use.processes === 1 ? '' : 'es'}, ${use.cpuSeconds} s CPU, ` +
    `${Math.round(use.rssBytesPerDevice / 1024)} KiB a device, ` +
    `event loop late by at most ${use.eventLoopLagMsMax} ms`
  )
}

function serverFacts({ server }: Summary): readonly Fact[] {
  if (server === undefined) return []
  const each = `${Math.round(server.rssBytesPerDevice / 1024)} KiB and ${server.cpuMsPerDevice} ms`
  return [['server', `${server.cpuSeconds} s CPU since connecting began; ${each} a device`]]
}

/** Where a server is several processes, what each of them uses, and each of the fleet. */
function processFacts({ generator: { workers }, server }: Summary): readonly Fact[] {
  if (server?.gateways === undefined) return []
  return [
    ['core', useText(server)],
    ...server.gateways.map((gateway): Fact => [
      gateway.name,
      `${gateway.connections} connections, ${useText(gateway)}`,
    ]),
    ...workers.map((worker, place): Fact => [`fleet, process ${place + 1}`, useText(worker)]),
  ]
}

function useText({ rssBytes, cpuSeconds }: ProcessUse): string {
  return `${Math.round(rssBytes / 1_048_576)} MiB, ${cpuSeconds} s CPU`
}

function latencyText({ p50, p95, p99 }: LatencySummary): string {
  return `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`
}

function ms(value: number | null): string {
  return value === null ? '–' : `${value} ms`
}
