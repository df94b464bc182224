/**
 * `pnpm sim:mutants`: plants one mutant after the other and looks for the first seed that finds it. Status
 * 1 when one is not found.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { STEPS_DEFAULT } from '../options.ts'
import { MUTANTS, type Mutant } from './mutants.ts'

/** What a hunt printed; empty when no seed found it. */
interface Found {
  readonly seed?: number
  readonly step?: number
  readonly invariant?: string
}

const PLANT = new URL('plant.ts', import.meta.url).href
const HUNT = fileURLToPath(new URL('hunt.ts', import.meta.url))

const USAGE =
  'usage: pnpm sim:mutants [--seeds N] [--steps N] [--only TEXT] [--from TEXT]\n' +
  '  --seeds  how many seeds may look for each (default 2000)\n' +
  '  --only   mutants whose name has it\n' +
  '  --from   the first mutant whose name has it, and all behind it\n'

const values = flags()
const first = MUTANTS.findIndex(({ name }) => name.includes(values.from))
const chosen = MUTANTS.slice(first).filter(({ name }) => name.includes(values.only))
if (first < 0 || chosen.length === 0) {
  refuse(`no mutant is named like that; there are ${MUTANTS.map(({ name }) => name).join(', ')}`)
}
const startedMs = performance.now()
console.log('| mutant | seeds | at step | invariant |\n|---|---:|---:|---|')
let found = 0
for (const mutant of chosen) {
  const { seed, step, invariant } = await hunt(mutant)
  if (seed !== undefined) found += 1
  console.log(`| ${mutant.name} | ${seed ?? 'not found'} | ${step ?? ''} | ${invariant ?? ''} |`)
}
console.log(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`)
console.log(`mutants ${chosen.length}, found ${found}`)
process.exitCode = found === chosen.length ? 0 : 1

function flags() {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).filter((arg) => arg !== '--'),
      options: {
        seeds: { type: 'string', default: '2000' },
        steps: { type: 'string', default: String(STEPS_DEFAULT) },
        only: { type: 'string', default: '' },
        from: { type: 'string', default: '' },
      },
    })
    for (const flag of ['seeds', 'steps'] as const) {
      if (/^[1-9]\d{0,9}$/.test(values[flag])) continue
      refuse(`--${flag} must be an integer of 1 or more, not \`${values[flag]}\``)
    }
    return values
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause))
  }
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n${USAGE}`)
  process.exit(1)
}

async function hunt({ name }: Mutant): Promise<Found> {
  const child = spawn(process.execPath, ['--import', PLANT, HUNT, values.seeds, values.steps], {
    env: { ...process.env, MUSTER_MUTANT: name },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const last = printed.trim().split('\n').at(-1) ?? ''
  if (status !== 0) return { seed: 1, invariant: `the process ended with ${status}` }
  return JSON.parse(last) as Found
}
