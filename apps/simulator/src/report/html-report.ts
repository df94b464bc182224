/**
 * A run as one HTML page that opens from disk: no scripts, no requests, plots as inline SVG.
 */
import type { Summary } from '../summary.ts'
import type { Sample } from './recorder.ts'
import { runPlots } from './run-plots.ts'
import { summaryFacts } from './summary-facts.ts'

/** Writes the page for a run. */
export function htmlReport(summary: Summary, samples: readonly Sample[]): string {
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
<table>${summaryFacts(summary)
    .map(([name, value]) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`)
    .join('')}</table>
<div class="plots">${runPlots(samples).join('\n')}</div>
${kindsTable('Denials by reason', summary.deniedByReason)}
${kindsTable('Refused requests', summary.refusals)}
${kindsTable('Behaviours that acted', summary.faults)}
${kindsTable('Errors', summary.errors)}
<details><summary>Summary as JSON</summary><pre>${escapeHtml(JSON.stringify(summary, null, 2))}</pre></details>
</body></html>
`
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
