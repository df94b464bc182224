import { summaryFacts, type Summary } from '@muster/simulator'

/** What is told of a summary in a terminal; the HTML page tells the rest. */
const SHOWN: ReadonlySet<string> = new Set([
  'devices',
  'connect',
  'soak',
  'memory growth of the fleet',
  'rollout',
  'executions',
  'notify to success',
  'messages',
  'deliveries',
  'publish to delivery',
  'denials',
])

/** What each process uses, where a server has several. */
const PROCESSES = /^(core|gateway-\d+|fleet, process \d+)$/

/** A summary for people. */
export function summaryText(summary: Summary): string {
  return [
    ...summaryFacts(summary)
      .filter(([name]) => SHOWN.has(name) || PROCESSES.test(name))
      .map(([name, value]) => `${name.padEnd(26)} ${value}`),
    ...summary.failures.map((failure) => `not as it should be: ${failure}`),
    '',
  ].join('\n')
}
