/**
 * `pnpm fuzz [TARGET…] [--runs N] [--seconds N] [--seed S] [--keep] [--json]`: fuzzes everything that reads
 * bytes from outside, or the targets that are named. The exit status is 1 when a fault was found.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFound } from './corpus.ts'
import { fuzzTarget, type FuzzResult } from './fuzz-target.ts'
import { targets } from './targets.ts'

const FOUND = join(import.meta.dirname, '../found')
const SECONDS = 10

const USAGE =
  'usage: pnpm fuzz [TARGET…] [--runs N] [--seconds N] [--seed S] [--keep] [--json]\n' +
  `  --seconds  of each target (default ${SECONDS}, without --runs)\n` +
  '  --keep     make the corpus of the targets anew\n'

const { positionals, values } = flags()
const known = targets.map(({ name }) => name)
const unknown = positionals.find((name) => !known.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`no target \`${unknown}\`: expected ${known.join(', ')}\n`)
  process.exit(2)
}
const executions = values.runs === undefined ? Infinity : number('runs', values.runs)
const seconds =
  values.seconds !== undefined
    ? number('seconds', values.seconds)
    : values.runs === undefined
      ? SECONDS
      : Infinity
const seed = number('seed', values.seed)

const results: FuzzResult[] = []
for (const target of targets) {
  if (positionals.length > 0 && !positionals.includes(target.name)) continue
  const result = await fuzzTarget(target, { executions, seconds, seed }, values.keep)
  results.push(result)
  tell(result)
}
const sum = (of: (result: FuzzResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0)
const faults = sum((result) => result.faults.length)
if (values.json) {
  const told = results.map((result) => ({
    ...result,
    faults: result.faults.map(({ input, ...fault }) => ({ ...fault, bytes: input.length })),
  }))
  process.stdout.write(`${JSON.stringify({ ok: faults === 0, seed, targets: told })}\n`)
} else {
  process.stdout.write(
    `targets ${results.length}, executions ${sum((one) => one.executions)}, ` +
      `blocks ${sum((one) => one.blocksReached)} of ${sum((one) => one.blocks)}, faults ${faults}\n`,
  )
}
process.exitCode = faults > 0 ? 1 : 0

function tell(result: FuzzResult): void {
  const { blocks, blocksReached, corpus, executions: times, known: before, target } = result
  const share = blocks === 0 ? 0 : Math.round((blocksReached / blocks) * 100)
  process.stderr.write(
    `${target.padEnd(16)} ${times} executions in ${result.seconds.toFixed(1)} s, ` +
      `${blocksReached} of ${blocks} blocks (${share} %), corpus ${before} and ${corpus - before} more, ` +
      `${result.faults.length} faults\n`,
  )
  for (const fault of result.faults) {
    const file = writeFound(FOUND, target, fault.input)
    process.stderr.write(
      `  ${fault.kind}: ${fault.message}\n    ${fault.input.length} bytes in ${file}\n`,
    )
  }
}

function flags() {
  try {
    return parseArgs({
      args: process.argv.slice(2).filter((arg) => arg !== '--'),
      allowPositionals: true,
      options: {
        runs: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string', default: '1' },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`)
    process.exit(2)
  }
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  process.stderr.write(`--${name}: expected a whole number, not \`${text}\`\n`)
  process.exit(2)
}
