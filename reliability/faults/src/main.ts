/**
 * `pnpm faults --cycles N [--seed S] [--only KIND | --cluster]`: a server under real faults, with devices over MQTT
 * 3.1.1, MQTT 5 and HTTPS and two operators, whose clients keep account. Exit status 1 when anything was lost.
 * An interrupted run ends with the figures of what it did.
 */
import { parseArgs } from 'node:util'
import { CLUSTER_KINDS, KINDS } from './kinds/index.ts'
import { isGood, report } from './report.ts'
import { runKind, shares, type KindFigures } from './run.ts'

const values = flags()
const cycles = Number(values?.cycles)
const seed = Number(values?.seed)
const all = values?.cluster === true ? CLUSTER_KINDS : KINDS
const kinds = all.filter(({ name }) => values?.only === undefined || name.includes(values.only))
if (
  values === undefined ||
  !Number.isInteger(cycles) ||
  cycles < 1 ||
  !Number.isInteger(seed) ||
  kinds.length === 0
) {
  const names = [...KINDS, ...CLUSTER_KINDS].map(({ name }) => name).join(', ')
  process.stderr.write(
    `usage: pnpm faults --cycles N [--seed S] [--only KIND | --cluster]\nkinds: ${names}\n`,
  )
  process.exitCode = 2
} else {
  process.stderr.write(`seed ${seed}\n`)
  const tell = (line: string): void => {
    if (!values.quiet) process.stderr.write(`${line}\n`)
  }
  // Whoever interrupts a long run gets the figures of what was done.
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const counts = shares(kinds, cycles)
  const done: KindFigures[] = []
  for (const [index, kind] of kinds.entries()) {
    const count = counts[index] ?? 0
    if (count === 0 || stop.signal.aborted) continue
    const figures = await runKind(kind, count, seed + index, tell, stop.signal)
    if (figures.skipped !== undefined) tell(`${kind.name} is SKIPPED: it needs ${figures.skipped}`)
    done.push(figures)
  }
  process.stdout.write(report(done))
  if (!isGood(done)) process.exitCode = 1
}

/** @returns undefined when they are misspelt, which is told */
function flags() {
  try {
    return parseArgs({
      args: process.argv.slice(2).filter((arg) => arg !== '--'),
      options: {
        cycles: { type: 'string', default: '21' },
        seed: { type: 'string', default: String(Date.now() % 100_000) },
        only: { type: 'string' },
        cluster: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    return undefined
  }
}
