/**
 * One run: a world from a seed, its steps, and the end in which everything must come right.
 */
import { Choices } from './choices.ts'
import { carryAll, takeStep } from './steps.ts'
import { Tally } from './tally.ts'
import { must, muteViolations, takeViolation, Violation } from './violation.ts'
import { operate, Setup } from './world/operators.ts'
import { checkEnd } from './world/end-checks.ts'
import { World, type Ground } from './world/world.ts'

/** How a run ended. */
export interface RunResult {
  readonly seed: number
  readonly tally: Tally
  /** Steps taken. */
  readonly steps: number
  /** undefined when every invariant held. */
  readonly violation: Violation | undefined
}

/** Streams of choices of one seed: the world's own, and one for each step. */
const WORLD_STREAM = 0
const FIRST_STEP_STREAM = 1

/** What is run of a seed. */
export interface RunPlan {
  readonly seed: number
  readonly steps: number
  /** Steps left out, for shrinking. */
  readonly without?: ReadonlySet<number>
  /** Told what happens, line by line. */
  readonly trace?: (line: string) => void
}

/** Runs a seed. Never throws for a violation. */
export async function runSeed(ground: Ground, plan: RunPlan): Promise<RunResult> {
  const { seed, steps, without } = plan
  const tally = new Tally()
  tally.trace = plan.trace
  const own = new Choices(seed, WORLD_STREAM)
  const deviceCount = own.between(3, 6)
  const setup = new Setup(own, deviceCount)
  muteViolations(false)
  takeViolation()
  const world = new World(ground, own, tally, deviceCount)
  let step = 0
  try {
    await prepare(world, setup, own)
    for (; step < steps; step += 1) {
      if (without?.has(step) === true) continue
      tally.tell(() => `step ${step}`)
      await takeStep({ world, setup, choices: new Choices(seed, FIRST_STEP_STREAM + step) })
    }
    await comeRight(world)
    return { seed, tally, steps: step, violation: undefined }
  } catch (cause) {
    const violation = takeViolation() ?? cause
    const found =
      violation instanceof Violation
        ? violation
        : new Violation('no fault of the server', causeText(violation))
    return { seed, tally, steps: step, violation: found }
  } finally {
    world.close()
  }
}

async function prepare(world: World, setup: Setup, own: Choices): Promise<void> {
  for (const requests of setup.requests(own)) {
    for (const request of requests) world.expectAnswer(operate(world, request), request.target)
    await world.settle()
  }
  world.checkAnswered()
  world.checkAll()
  for (const device of world.devices) {
    if (own.chance(0.8)) world.connect(device, own.chance(0.6), own.pick([1, 5, 100]))
  }
  await carryAll(world)
}

/** Links are mended, everybody comes back and reads: now nothing may be missing. */
async function comeRight(world: World): Promise<void> {
  for (const device of world.devices) {
    if (device.link?.state === 'stalled') device.link.unstall()
    if (device.link?.state === 'half-open') {
      device.link.drop()
      device.gone()
    }
  }
  for (let round = 0; round < 12; round += 1) {
    for (const device of world.devices) {
      if (device.link === undefined && world.sessions.of(device.name) !== undefined) {
        world.connect(device, true, 100)
      }
    }
    await carryAll(world)
    for (const device of world.devices) device.catchUp()
    await carryAll(world)
    await world.advance(1000)
    if (!world.machine.alive) await world.crash()
  }
  await world.checkQuiet()
  checkEnd(world)
  world.checkAll()
  await world.crash()
  world.checkAll()
  must(world.machine.alive, 'no fault of the server', () => 'the server ended by itself')
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
