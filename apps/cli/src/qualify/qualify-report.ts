/** Verdicts as JUnit XML for CI, and as a page with the traces. */
import { reportPage, type ReportSection } from '@muster/fleet/report'
import { traceLines, traceRows } from '@muster/qualify'
import type { CaseResult } from './run-case.ts'

/** How many cases ended how: the last line of `--json`. */
export interface QualifySums {
  readonly cases: number
  readonly pass: number
  readonly fail: number
  readonly inconclusive: number
}

export function sumsText({ cases, fail, inconclusive, pass }: QualifySums): string {
  return `${pass} passed, ${fail} failed, ${inconclusive} inconclusive of ${cases}`
}

/** A test suite: what is inconclusive is skipped, with what the plan lacks. */
export function junitText(results: readonly CaseResult[]): string {
  const count = (verdict: CaseResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  const seconds = (ms: number): string => (ms / 1000).toFixed(3)
  const totalMs = results.reduce((sum, { tookMs }) => sum + tookMs, 0)
  const cases = results.map((result) => {
    const { case: of, tookMs, verdict, why } = result
    const open = `  <testcase classname="muster.qualify" name="${xml(of.id)}" time="${seconds(tookMs)}"`
    if (verdict === 'pass') return `${open}/>`
    const inner =
      verdict === 'inconclusive'
        ? `<skipped message="${xml(why)}"/>`
        : `<failure message="${xml(why)}">${xml(detail(result))}</failure>`
    return `${open}>\n    ${inner}\n  </testcase>`
  })
  const sums = `tests="${results.length}" failures="${count('fail')}" errors="0" skipped="${count('inconclusive')}"`
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="muster qualify" ${sums} time="${seconds(totalMs)}">
${cases.join('\n')}
</testsuite>
`
}

function detail({ case: { documented, reason }, events, output }: CaseResult): string {
  const said = output === '' ? [] : ['The agent said last:', output.trimEnd()]
  return [`Why it matters: ${reason}`, `AWS: ${documented}`, ...traceLines(events), ...said].join(
    '\n',
  )
}

/** Characters that XML 1.0 knows, escaped. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** One page that opens from disk: the verdicts, and every case with its trace. */
export function htmlText(
  command: string,
  results: readonly CaseResult[],
  sums: QualifySums,
): string {
  const table = {
    head: ['case', 'verdict', 'why'],
    rows: results.map(({ case: { id }, verdict, why }) => [id, verdict, why]),
  }
  const bad = results.filter(({ verdict }) => verdict !== 'pass')
  return reportPage({
    title: 'muster qualify',
    description: command,
    kind: 'agent report',
    ok: sums.pass === sums.cases,
    verdict: sumsText(sums),
    failures: bad.map(({ case: { id }, verdict, why }) => `${id}: ${verdict}: ${why}`),
    // Those to look at first.
    sections: [
      { heading: 'Cases', table },
      ...[...bad, ...results.filter((result) => !bad.includes(result))].map(caseSection),
    ],
    summary: {
      ...sums,
      results: results.map(({ case: { id }, verdict, why }) => ({ id, verdict, why })),
    },
  })
}

function caseSection({ case: of, events, output, verdict, why }: CaseResult): ReportSection {
  return {
    heading: `${of.id}: ${verdict}`,
    facts: [
      ['why', why],
      ['why it matters', of.reason],
      ['AWS', of.documented],
      ...(verdict !== 'pass' && output !== '' ? [['the agent said last', output] as const] : []),
    ],
    ...(events.length > 0 && { table: { head: ['time', 'who', 'what'], rows: traceRows(events) } }),
  }
}
