/**
 * A run as one HTML page that opens from disk: no scripts, no requests, plots as inline SVG.
 */
import type { Summary } from '../summary.ts'
import { linePlot, type Series } from './line-plot.ts'
import type { Sample } from './recorder.ts'

/** Writes the page for a run. */
export function htmlReport(summary: Summary, samples: readonly Sample[]): string {
  const series = (
    name: string,
    colour: string,
    pick: (sample: Sample) => number | null,
  ): Series => ({
    name,
    colour,
    points: samples.flatMap((sample) => {
      const value = pick(sample)
      return value === null ? [] : [[sample.seconds, value] as const]
    }),
  })
  const rate = samples.map((sample, place) => {
    const before = samples[Math.max(0, place - 4)] ?? sample
    const seconds = sample.seconds - before.seconds
    return seconds > 0 ? (sample.everConnected - before.everConnected) / seconds : 0
  })
  const cpu = samples.map((sample, place) => {
    const before = samples[Math.max(0, place - 4)] ?? sample
    const seconds = sample.seconds - before.seconds
    return seconds > 0 ? ((sample.cpuSeconds - before.cpuSeconds) / seconds) * 100 : 0
  })
  const at = (values: readonly number[]) => (sample: Sample) => values[samples.indexOf(sample)] ?? 0
  const plots = [
    linePlot('Ramp: devices connected', 'devices', [
      series('connected', '#1f6feb', (it) => it.connected),
      series('reconnects', '#8b949e', (it) => (summary.reconnects > 0 ? it.reconnects : null)),
    ]),
    linePlot('Connect rate', 'per second', [series('connects', '#1f6feb', at(rate))]),
    linePlot('Rollout: executions by status', 'things', [
      series('succeeded', '#1a7f37', (it) => it.succeeded),
      series('in progress', '#bf8700', (it) => it.inProgress),
      series('queued', '#8b949e', (it) => it.queued),
      series('failed', '#cf222e', (it) => it.failed),
      series('rejected', '#8250df', (it) => it.rejected),
      series('timed out', '#bc4c00', (it) => it.timedOut),
      series('canceled', '#57606a', (it) => it.canceled),
    ]),
    linePlot('Notify to success', 'milliseconds', [
      series('p50', '#1a7f37', (it) => it.p50Ms),
      series('p95', '#bf8700', (it) => it.p95Ms),
      series('p99', '#cf222e', (it) => it.p99Ms),
    ]),
    linePlot('Denials', 'denials', [
      series('unexpected', '#cf222e', (it) =>
        Object.values(it.denied).reduce((sum, count) => sum + count, 0),
      ),
      series('expected', '#8b949e', (it) => it.expectedDenials),
    ]),
    linePlot('Generator: event loop late, CPU', 'ms and % of a core', [
      series('late, p99 ms', '#cf222e', (it) => it.eventLoopLagMs),
      series('CPU %', '#1f6feb', at(cpu)),
    ]),
  ]
  const { notifyToSuccessMs: latency, generator } = summary
  const facts: readonly (readonly [string, string])[] = [
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
  const verdict = summary.ok ? 'everything ended as the scenario asks' : 'not as it should be'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(summary.scenario)} – fleet report</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
table{border-collapse:collapse}th{text-align:left;font-weight:500;padding:.15rem 1.5rem .15rem 0;vertical-align:top;color:#57606a}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(480px,1fr));gap:1.5rem;margin-top:1.5rem}
figure{margin:0}figcaption{font-weight:600}svg{width:100%;height:auto;display:block}
.bad{color:#cf222e}.good{color:#1a7f37}details{margin-top:1.5rem}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}svg text{fill:#8b949e}}
</style></head><body>
<h1>${escapeHtml(summary.scenario)}</h1>
<p class="${summary.ok ? 'good' : 'bad'}">${verdict}</p>
${summary.failures.length > 0 ? `<ul class="bad">${summary.failures.map((it) => `<li>${escapeHtml(it)}</li>`).join('')}</ul>` : ''}
<table>${facts.map(([name, value]) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`).join('')}</table>
<div class="plots">${plots.join('\n')}</div>
${kindsTable('Denials by reason', summary.deniedByReason)}
${kindsTable('Refused requests', summary.refusals)}
${kindsTable('Behaviours that acted', summary.faults)}
${kindsTable('Errors', summary.errors)}
<details><summary>Summary as JSON</summary><pre>${escapeHtml(JSON.stringify(summary, null, 2))}</pre></details>
</body></html>
`
}

function serverFacts({ server }: Summary): readonly (readonly [string, string])[] {
  if (server === undefined) return []
  const each = `${Math.round(server.rssBytesPerDevice / 1024)} KiB and ${server.cpuMsPerDevice} ms`
  return [['server', `${server.cpuSeconds} s CPU since connecting began; ${each} a device`]]
}

function kindsTable(title: string, kinds: Readonly<Record<string, number>>): string {
  const rows = Object.entries(kinds).sort((a, b) => b[1] - a[1])
  if (rows.length === 0) return ''
  const cells = rows.map(
    ([kind, count]) => `<tr><th>${escapeHtml(kind)}</th><td>${count}</td></tr>`,
  )
  return `<h2>${title}</h2><table>${cells.join('')}</table>`
}

/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
