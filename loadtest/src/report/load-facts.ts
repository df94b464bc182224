import { steadyFacts, type Fact } from '@muster/fleet/report'
import type { Latencies, LoadSummary } from '../run/load-summary.ts'

/** A summary for people, fact by fact. */
export function loadFacts(summary: LoadSummary): readonly Fact[] {
  const { decisionsPerSecond: decisions, generator, knee, latencyMs, steadiness } = summary
  return [
    [
      'devices',
      `${summary.devices}, ${summary.principals ?? 'unknown'} principals seen by the server`,
    ],
    [
      'offered',
      `${summary.offered} (${summary.offeredPerSecond} a second), ${summary.notOffered} not sent`,
    ],
    ['answered', `${summary.answered} (${summary.answeredPerSecond} a second)`],
    ['outcomes', outcomes(summary)],
    ...(decisions === null
      ? []
      : [
          [
            'decisions of the server',
            `${decisions.allowed} allowed and ${decisions.denied} denied a second`,
          ] as const,
        ]),
    ['latency', latencyText(latencyMs)],
    ...Object.entries(summary.latenciesMs).map(([name, latencies]): Fact => [
      name,
      `${latencyText(latencies)} (${latencies.count})`,
    ]),
    ...(summary.deliveriesDue === 0
      ? []
      : [['deliveries', `${summary.delivered} of ${summary.deliveriesDue}`] as const]),
    ...(knee === undefined ? [] : kneeFacts(knee)),
    [
      'generator',
      `${generator.processes} process${generator.processes === 1 ? '' : 'es'}, ${generator.cpuSeconds} s CPU, ` +
        `late by ${generator.loopLagMsP99} ms (p99), ${Math.round(generator.bytesPerDevice / 1024)} KiB a device`,
    ],
    ...serverFacts(summary),
    ...(steadiness === undefined
      ? []
      : [['over the soak', steadiness.verdict] as const, ...steadyFacts(steadiness)]),
  ]
}

function outcomes(summary: LoadSummary): string {
  const { allowed, allowedUnexpected, deniedExpected, deniedUnexpected } = summary
  return [
    `${allowed} allowed`,
    `${deniedExpected} denied as expected`,
    ...(deniedUnexpected > 0 ? [`${deniedUnexpected} denied unexpectedly`] : []),
    ...(allowedUnexpected > 0 ? [`${allowedUnexpected} allowed unexpectedly`] : []),
    `${summary.throttled} throttled`,
    `${summary.errors} errors`,
    `${summary.timeouts} timeouts`,
  ].join(', ')
}

function kneeFacts({
  broke,
  brokePerSecond,
  gaveOut,
  perSecond,
}: NonNullable<LoadSummary['knee']>): Fact[] {
  const until = brokePerSecond === null ? '' : `, not ${brokePerSecond}`
  return [
    ['knee', `${perSecond} a second held${until}`],
    ...(broke.length > 0 ? [['what broke', broke.join('; ')] as const] : []),
    ['what gave out', gaveOut],
  ]
}

function serverFacts({ server }: LoadSummary): Fact[] {
  if (server === null) return []
  const { cpuSeconds, rssBytes } = server
  return [['server', `${cpuSeconds} s CPU, ${Math.round(rssBytes / 1_048_576)} MiB`]]
}

function latencyText({ max, p50, p95, p99 }: Latencies): string {
  const ms = (value: number | null): string => (value === null ? '–' : `${value} ms`)
  return `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, max ${ms(max)}`
}

/** A scenario and how its devices spoke, where it has any. */
export function scenarioOver(run: { readonly path: string; readonly scenario: string }): string {
  const { path, scenario } = run
  return path === 'none' ? scenario : `${scenario} over ${path}`
}

/** Runs for a terminal; the page tells more. */
export function loadText(runs: readonly LoadSummary[]): string {
  return runs
    .map((run) =>
      [
        `${scenarioOver(run)}, ${run.profile}: ${run.ok ? 'held' : 'BROKE'}`,
        ...loadFacts(run).map(([name, value]) => `  ${name.padEnd(24)} ${value}`),
        ...run.failures.map((failure) => `  not as it should be: ${failure}`),
        '',
      ].join('\n'),
    )
    .join('\n')
}
