/** Runs seeds until one finds the planted mutant: `hunt.ts SEEDS STEPS`. Prints what it found as JSON. */
import { openGround } from '../ground.ts'
import { runSeed } from '../run-seed.ts'

const [seeds = 0, steps = 0] = process.argv.slice(2).map(Number)
const ground = await openGround()
let found: object = {}
for (let seed = 1; seed <= seeds; seed += 1) {
  const { violation, steps: step } = await runSeed(ground, { seed, steps })
  if (violation === undefined) continue
  found = { seed, step, invariant: violation.invariant }
  break
}
ground.close()
console.log(JSON.stringify(found))
