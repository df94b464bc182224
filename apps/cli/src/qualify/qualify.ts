/** `muster qualify`: cases against an agent, some at a time. */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  DEFAULT_PLAN,
  QUALIFY_CASES,
  readPlan,
  traceLines,
  type Plan,
  type QualifyCase,
} from '@muster/qualify'
import { parse } from 'yaml'
import { checkCommand } from './agent-process.ts'
import type { QualifyFlags } from './qualify-command.ts'
import { htmlText, junitText, sumsText, type QualifySums } from './qualify-report.ts'
import { runCase, type CaseResult, type CaseTerms } from './run-case.ts'
import { frontIdentity } from './service-front.ts'

/** Agents mostly wait; more at a time would make them late. */
const AT_A_TIME_MIN = 4

/** Runs the cases; the exit status is 0 only when the agent passes all. */
export async function qualify(flags: QualifyFlags): Promise<void> {
  checkCommand(flags.agent)
  const plan = flags.plan === undefined ? DEFAULT_PLAN : planOf(flags.plan)
  const cases = chosen(flags.only)
  const terms = { command: flags.agent, plan, identity: await frontIdentity(Date.now()) }
  // Ctrl-C ends agents and removes folders too.
  const stop = (): never => process.exit(130)
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const results = await runAll(cases, terms, (result) => tell(result, flags.json)).finally(() =>
    process.off('SIGINT', stop).off('SIGTERM', stop),
  )
  const sums = sumsOf(results)
  if (flags.junit !== undefined) writeFileSync(flags.junit, junitText(results))
  if (flags.html !== undefined) writeFileSync(flags.html, htmlText(flags.agent, results, sums))
  if (flags.json) process.stdout.write(`${JSON.stringify(sums)}\n`)
  else process.stdout.write(`${sumsText(sums)}\n`)
  if (sums.pass < sums.cases) process.exitCode = 1
}

/** A line to stdout; what led to a verdict that is no pass goes to stderr. */
function tell(
  { case: { id, documented, reason }, events, output, verdict, why }: CaseResult,
  json: boolean,
): void {
  const line = json ? JSON.stringify({ id, verdict, why }) : `${id}: ${verdict}: ${why}`
  process.stdout.write(`${line}\n`)
  if (json || verdict === 'pass') return
  const said = output === '' ? [] : ['  the agent said last:', ...output.trimEnd().split('\n')]
  const lines =
    verdict === 'inconclusive'
      ? said
      : [`why it matters: ${reason}`, `AWS: ${documented}`, ...traceLines(events), ...said]
  process.stderr.write(lines.map((one) => `  ${one}\n`).join(''))
}

function planOf(file: string): Plan {
  const text = readFileSync(file, 'utf8')
  try {
    return readPlan(parse(text))
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause })
  }
}

function chosen(only: string | undefined): readonly QualifyCase[] {
  if (only === undefined) return QUALIFY_CASES
  const wanted = only.split(',')
  const unknown = wanted.filter((id) => QUALIFY_CASES.every((one) => one.id !== id))
  if (unknown.length > 0) {
    const all = QUALIFY_CASES.map(({ id }) => id).join(', ')
    throw new Error(`--only: no case ${unknown.join(', ')}; there are ${all}`)
  }
  return QUALIFY_CASES.filter(({ id }) => wanted.includes(id))
}

/** Results are told in the order of the cases, each as soon as those before it are. */
async function runAll(
  cases: readonly QualifyCase[],
  terms: CaseTerms,
  tell: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  const results: (CaseResult | undefined)[] = cases.map(() => undefined)
  let next = 0
  let told = 0
  const work = async (): Promise<void> => {
    while (next < cases.length) {
      const at = next++
      const of = cases[at]
      if (of === undefined) return
      results[at] = await runCase(of, terms)
      for (let done = results[told]; done !== undefined; done = results[++told]) tell(done)
    }
  }
  const workers = Math.max(AT_A_TIME_MIN, availableParallelism())
  await Promise.all(Array.from({ length: workers }, work))
  return results.filter((result) => result !== undefined)
}

function sumsOf(results: readonly CaseResult[]): QualifySums {
  const count = (verdict: CaseResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  return {
    cases: results.length,
    pass: count('pass'),
    fail: count('fail'),
    inconclusive: count('inconclusive'),
  }
}
