/**
 * A run as one HTML page that opens from disk: no scripts, no requests, plots as inline SVG. Load runs
 * and simulations look alike.
 */
import { escapeHtml } from './html.ts'

/** A name and what is said under it. */
export type Fact = readonly [name: string, value: string]

/** What a page shows, from top to bottom. */
export interface ReportPage {
  /** What ran. */
  readonly title: string
  /** What that is, a sentence. */
  readonly description?: string
  /** What kind of report this is, for the window: `fleet report`. */
  readonly kind: string
  readonly ok: boolean
  readonly verdict: string
  /** What is not as it should be, one sentence each. */
  readonly failures: readonly string[]
  readonly sections: readonly ReportSection[]
  /** What the page was made of, to read by machine. */
  readonly summary: unknown
}

/** A part of a page with a heading of its own; one of a page's first may have none. */
export interface ReportSection {
  readonly heading?: string
  readonly facts?: readonly Fact[]
  readonly table?: ReportTable
  /** Figures as `linePlot` draws them. */
  readonly plots?: readonly string[]
}

/** Cells are text. */
export interface ReportTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
table{border-collapse:collapse}th{text-align:left;font-weight:500;padding:.15rem 1.5rem .15rem 0;vertical-align:top;color:#57606a}
td{padding:.15rem 1.5rem .15rem 0;vertical-align:top;font-variant-numeric:tabular-nums}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(480px,1fr));gap:1.5rem;margin-top:1.5rem}
figure{margin:0}figcaption{font-weight:600}figcaption small{font-weight:400;color:#57606a}svg{width:100%;height:auto;display:block}
.bad{color:#cf222e}.good{color:#1a7f37}details{margin-top:1.5rem}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}svg text{fill:#8b949e}}`

/** Writes the page. */
export function reportPage(page: ReportPage): string {
  const { description, failures, kind, ok, sections, summary, title, verdict } = page
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} – ${escapeHtml(kind)}</title>
<style>
${STYLE}
</style></head><body>
<h1>${escapeHtml(title)}</h1>${description === undefined ? '' : `\n<p>${escapeHtml(description)}</p>`}
<p class="${ok ? 'good' : 'bad'}">${escapeHtml(verdict)}</p>
${failures.length > 0 ? `<ul class="bad">${failures.map((it) => `<li>${escapeHtml(it)}</li>`).join('')}</ul>` : ''}
${sections.map(sectionHtml).join('\n')}
<details><summary>Summary as JSON</summary><pre>${escapeHtml(JSON.stringify(summary, null, 2))}</pre></details>
</body></html>
`
}

/** Counts by kind, most first; undefined when there are none. */
export function kindsSection(
  heading: string,
  kinds: Readonly<Record<string, number>>,
): ReportSection | undefined {
  const rows = Object.entries(kinds).sort((a, b) => b[1] - a[1])
  if (rows.length === 0) return undefined
  return { heading, facts: rows.map(([kind, count]) => [kind, String(count)]) }
}

function sectionHtml({ facts = [], heading, plots = [], table }: ReportSection): string {
  const parts = heading === undefined ? [] : [`<h2>${escapeHtml(heading)}</h2>`]
  if (facts.length > 0) {
    const rows = facts.map(
      ([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
    )
    parts.push(`<table>${rows.join('')}</table>`)
  }
  if (table !== undefined) {
    const head = table.head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')
    const rows = table.rows.map(
      (row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
    )
    parts.push(`<table><tr>${head}</tr>${rows.join('')}</table>`)
  }
  if (plots.length > 0) parts.push(`<div class="plots">${plots.join('\n')}</div>`)
  return parts.join('\n')
}
