/**
 * `pnpm bench --report`: runs the benchmarks one after the other, small enough for a coffee, and writes
 * what came of them into `docs/performance.md`, between its marks, with the load of the machine; and a
 * chart of the ratios. One that fails is said to be not measured. `MUSTER_BENCH_REPORT` (`start,https`)
 * chooses among them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Measure } from './measure.ts'
import { ratioChart } from './ratio-chart.ts'

const page = join(import.meta.dirname, '../docs/performance.md')
const chart = join(import.meta.dirname, '../docs/performance-ratios.svg')
const BEGIN = '<!-- measured: begin -->'
const END = '<!-- measured: end -->'

/** What is run, how small, and for how long at most, minutes: 24 together. */
const parts: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['start', { MUSTER_BENCH_RUNS: '10' }, 2],
  ['policy', {}, 2],
  ['https', { MUSTER_BENCH_RUNS: '3', MUSTER_BENCH_SECONDS: '3' }, 2],
  ['control', { MUSTER_BENCH_RUNS: '3', MUSTER_BENCH_SECONDS: '2' }, 4],
  ['rollout', { MUSTER_BENCH_RUNS: '2' }, 4],
  ['gateway', { MUSTER_BENCH_RUNS: '5', MUSTER_BENCH_SECONDS: '2', MUSTER_BENCH_CROWD: '0' }, 5],
  ['fleet', { MUSTER_BENCH_RUNS: '1', MUSTER_BENCH_DEVICES: '500' }, 2],
  ['jobs', { MUSTER_BENCH_SECONDS: '4' }, 3],
]
const chosen = process.env['MUSTER_BENCH_REPORT']?.split(',')

/** Runs and writes. */
export async function writeReport(): Promise<void> {
  const sections: string[] = []
  const all: Measure[] = []
  for (const [name, env, minutes] of parts) {
    if (chosen?.includes(name) === false) continue
    process.stderr.write(`${name}\n`)
    const before = loadText()
    const measures = await measured(name, env, minutes)
    all.push(...measures.map((measure) => ({ ...measure, name: `${name}: ${measure.name}` })))
    sections.push(sectionText(name, measures, `${before} before, ${loadText()} after`))
  }
  const text = readFileSync(page, 'utf8')
  const [head = '', rest = ''] = text.split(BEGIN)
  const tail = rest.split(END)[1]
  if (tail === undefined) throw new Error(`expected \`${BEGIN}\` and \`${END}\` in ${page}`)
  writeFileSync(chart, ratioChart(all))
  const { version } = process
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} cores of \`${cpus()[0]?.model ?? '?'}\`, Node ${version}, ${day}.`
  const picture = '![Ratios, larger is better](performance-ratios.svg)'
  const written = [BEGIN, '', machine, '', picture, '', ...sections, END].join('\n')
  writeFileSync(page, `${head}${written}${tail}`)
}

async function measured(
  name: string,
  env: Readonly<Record<string, string>>,
  minutes: number,
): Promise<readonly Measure[]> {
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [main, name, '--json'], {
    // A group of its own, so that one that takes too long ends with all that it started.
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const late = setTimeout(() => process.kill(-(child.pid ?? 0)), minutes * 60_000)
  const measures: Measure[] = []
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('{')) measures.push(JSON.parse(line) as Measure)
  }
  await ended
  clearTimeout(late)
  return measures
}

function loadText(): string {
  return `load ${(loadavg()[0] ?? 0).toFixed(1)}`
}

function sectionText(name: string, measures: readonly Measure[], load: string): string {
  if (measures.length === 0) return `### ${name}\n\nNot measured (${load}).\n`
  const rows = measures.map(({ name: title, ours, peer, ratio, runs, spread, unit }) =>
    [title, unit, shown(ours), shown(peer), `${shown(ratio)} ± ${shown(spread)}`, runs].join(' | '),
  )
  return [
    `### ${name}`,
    '',
    `${load}.`,
    '',
    '| measure | unit | Muster | peer or bound | ratio | runs |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n')
}

function shown(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}
