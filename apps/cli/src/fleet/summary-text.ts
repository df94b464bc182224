import type { Summary } from '@muster/simulator'

/** A summary for people. */
export function summaryText(summary: Summary): string {
  const { notifyToSuccessMs: latency } = summary
  const rows: [string, string][] = [
    ['devices', `${summary.connected} of ${summary.devices} connected`],
    [
      'connect',
      `${summary.connectSeconds.toFixed(1)} s, ${summary.connectRate.toFixed(0)} a second`,
    ],
    ['rollout', `${summary.rolloutSeconds.toFixed(1)} s, job ${summary.jobStatus ?? 'none'}`],
    [
      'executions',
      `${summary.succeeded} succeeded, ${summary.failed} failed, ${summary.rejected} rejected`,
    ],
    ['notify to success', `p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)}`],
    ['denials', `${summary.denied} unexpected`],
  ]
  const lines = rows.map(([name, value]) => `${name.padEnd(18)} ${value}`)
  return [
    ...lines,
    ...summary.failures.map((failure) => `not as it should be: ${failure}`),
    '',
  ].join('\n')
}

function ms(value: number | null): string {
  return value === null ? '–' : `${value} ms`
}
