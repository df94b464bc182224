/**
 * `pnpm sim`: runs seeds, prints what happened in them, and shrinks the first run that breaks an
 * invariant. Status 1 when one did.
 */
import { openGround } from './ground.ts'
import { readOptions, type SimOptions } from './options.ts'
import { runSeed, type RunResult } from './run-seed.ts'
import { commitName, replayCommand } from './replay.ts'
import { shrink } from './shrink.ts'
import { Tally, TALLY_GROUPS } from './tally.ts'
import type { Ground } from './world/world.ts'

/** Violations that are told one by one; the rest is counted. */
const TOLD_MAX = 5

const options = readOptions(process.argv.slice(2))
if (typeof options === 'string') {
  console.error(options)
  process.exitCode = 1
} else {
  const ground = await openGround()
  try {
    process.exitCode = await run(ground, options)
  } finally {
    ground.close()
  }
}

async function run(ground: Ground, options: SimOptions): Promise<0 | 1> {
  const { seeds, seed: first, steps, only, trace } = options
  const startedMs = performance.now()
  console.log(`seed=${first} commit=${commitName()} seeds=${seeds} steps=${steps}`)
  const all = new Tally()
  let violations = 0
  let stepsTaken = 0
  for (let seed = first; seed < first + seeds; seed += 1) {
    const without = only && new Set(rangeTo(steps).filter((step) => !only.has(step)))
    const result = await runSeed(ground, {
      seed,
      steps,
      ...(without && { without }),
      ...(trace && { trace: (line: string) => console.log(line) }),
    })
    all.addAll(result.tally)
    stepsTaken += result.steps
    if (result.violation === undefined) continue
    violations += 1
    if (violations <= TOLD_MAX) await tellViolation(ground, result, options, violations === 1)
  }
  for (const group of TALLY_GROUPS) console.log(`${group}: ${all.line(group)}`)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const megabytes = Math.round(process.memoryUsage.rss() / 1_048_576)
  console.log(`${seconds} s, ${megabytes} MB`)
  console.log(
    `seeds ${seeds}, violations ${violations}, steps ${stepsTaken}, faults ${all.total('faults')}, ` +
      `requests ${all.total('requests')}, transitions ${all.total('transitions')}`,
  )
  return violations === 0 ? 0 : 1
}

/** @param isFirst - shrinking takes a while: one run is enough to begin with */
async function tellViolation(
  ground: Ground,
  { seed, steps: atStep, violation }: RunResult,
  options: SimOptions,
  isFirst: boolean,
): Promise<void> {
  console.log(`seed=${seed} commit=${commitName()} violation at step ${atStep}`)
  console.log(`  ${violation?.invariant}: ${violation?.message}`)
  console.log(`  replay: ${replayCommand({ seed, steps: options.steps, only: options.only })}`)
  if (!isFirst || violation === undefined || options.only !== undefined) return
  const kept = await shrink(ground, { seed, steps: Math.min(options.steps, atStep + 1) }, violation)
  console.log(`  shrunk to ${kept.length} of ${atStep + 1} steps`)
  const shrunk = { seed, steps: Math.min(options.steps, atStep + 1), only: new Set(kept) }
  console.log(`  replay: ${replayCommand(shrunk)} --trace`)
}

function rangeTo(steps: number): number[] {
  return Array.from({ length: steps }, (_, step) => step)
}
