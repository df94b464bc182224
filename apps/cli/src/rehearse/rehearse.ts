/** Rehearses a job as the flags say. */
import {
  countedNames,
  fleetTimeMs,
  judgeGoal,
  parseGoal,
  rehearsal,
  rehearseSeed,
  type Plan,
  type RehearsedSeed,
} from '@muster/rehearse'
import { readFleetFile } from './fleet-file.ts'
import { readJobFile } from './job-file.ts'
import { seedLine, summaryLine } from './rehearsal-json.ts'
import { rehearsalText } from './rehearsal-text.ts'
import type { RehearseFlags } from './rehearse-command.ts'

const MINUTE_MS = 60_000

/**
 * Prints what the rollout does; the exit status is 1 when a goal is not met.
 *
 * @throws Error for what is wrong with the flags or files
 */
export async function rehearseCommand(flags: RehearseFlags): Promise<void> {
  const terms = flags.goal === undefined ? [] : parseGoal(flags.goal)
  const plan = planOf(flags)
  const seeds: RehearsedSeed[] = []
  for (let place = 0; place < flags.seeds; place += 1) {
    const outcome = rehearseSeed(plan, flags.seed + place)
    if (!outcome.ok) throw new Error(`${flags.job}: ${outcome.error.message}`)
    seeds.push(outcome.value)
    if (flags.json) print(JSON.stringify(seedLine(outcome.value)))
  }
  const outcome = rehearsal(plan.names.count, seeds)
  const goal = judgeGoal(terms, outcome)
  const replay = (seed: number): string => replayLine(flags, plan, seed)
  if (flags.json) {
    print(JSON.stringify(summaryLine(outcome, goal, replay(outcome.worstSeed))))
  } else {
    const { lookSeconds, startMs } = plan
    const rehearsed = { fleetName: plan.fleet.name, startMs, lookSeconds, replay }
    for (const line of rehearsalText(outcome, rehearsed, goal)) print(line)
  }
  if (goal.some(({ met }) => !met)) process.exitCode = 1
}

function planOf(flags: RehearseFlags): Plan {
  if (flags.fleet === undefined) throw new Error('expected --fleet FILE: whom the job is for')
  const job = readJobFile(flags.job)
  const fleet = readFleetFile(flags.fleet)
  const names = countedNames(flags.devices ?? fleet.devices)
  const startsAt = flags.at ?? fleet.startsAt
  const startMs =
    startsAt === undefined ? Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS : fleetTimeMs(startsAt)
  return { job, fleet, names, startMs, lookSeconds: flags.for }
}

/** The command that plays one seed again, whatever the time is then. */
function replayLine(
  flags: RehearseFlags,
  { lookSeconds, names, startMs }: Plan,
  seed: number,
): string {
  const at = new Date(startMs).toISOString().slice(0, 16)
  return [
    `muster rehearse --job ${flags.job} --fleet ${flags.fleet ?? ''}`,
    `--devices ${names.count} --seeds 1 --seed ${seed} --at ${at} --for ${lookSeconds}s`,
  ].join(' ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
