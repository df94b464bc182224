import type { Summary } from '../summary.ts'

/** A name and what is said under it. */
export type Fact = readonly [name: string, value: string]

/** A summary for people, fact by fact. */
export function summaryFacts(summary: Summary): readonly Fact[] {
  const { notifyToSuccessMs: latency, generator } = summary
  return [
    ['devices', `${summary.connected} of ${summary.devices} connected`],
    ['connect', `${summary.connectSeconds} s, ${summary.connectRate} a second`],
    ['rollout', `${summary.rolloutSeconds} s, ${summary.jobStatus ?? 'no job'}`],
    [
      'executions',
      `${summary.succeeded} succeeded, ${summary.failed} failed, ${summary.rejected} rejected, ` +
        `${summary.timedOut} timed out, ${summary.canceled} canceled, ${summary.removed} removed`,
    ],
    ['notify to success', `p50 ${latency.p50} ms, p95 ${latency.p95} ms, p99 ${latency.p99} ms`],
    ['denials', `${summary.denied} unexpected, ${summary.expectedDenials} expected`],
    [
      'generator',
      `${generator.processes} process${generator.processes === 1 ? '' : 'es'}, ${generator.cpuSeconds} s CPU, ` +
        `${Math.round(generator.rssBytesPerDevice / 1024)} KiB a device, ` +
        `event loop late by at most ${generator.eventLoopLagMsMax} ms`,
    ],
    ...serverFacts(summary),
    ['seed', String(summary.seed)],
  ]
}

function serverFacts({ server }: Summary): readonly Fact[] {
  if (server === undefined) return []
  const each = `${Math.round(server.rssBytesPerDevice / 1024)} KiB and ${server.cpuMsPerDevice} ms`
  return [['server', `${server.cpuSeconds} s CPU since connecting began; ${each} a device`]]
}
