/** Rehearses a job as the flags say. */
import { writeFileSync } from 'node:fs'
import {
  countedNames,
  fleetTimeMs,
  judgeGoal,
  parseGoal,
  rehearsal,
  rehearseSeed,
  SENSITIVITY_ROWS,
  sensitivity,
  settingsText,
  suggestJob,
  type GoalTerm,
  type Plan,
  type RehearsedSeed,
  type SensitivityRow,
  type Suggested,
} from '@muster/rehearse'
import { answered, liveEndpoint } from '../flags/live-endpoint.ts'
import { readFleetFile } from './fleet-file.ts'
import { readJobFile } from './job-file.ts'
import { seedLine, summaryLine } from './rehearsal-json.ts'
import { rehearsalPage } from './rehearsal-page.ts'
import { rehearsalText } from './rehearsal-text.ts'
import type { Rehearsed } from './rehearsed.ts'
import type { RehearseFlags } from './rehearse-command.ts'

const MINUTE_MS = 60_000
/** Seeds of a bad firmware for each row of the sensitivity table. */
const BAD_SEEDS_MAX = 5
/** Devices that the table's rows imagine together as the fleet is, unless all are asked for. */
const WHOLE_RUNS_MAX = 300_000
const SUGGESTION_SEEDS_MAX = 3
/** Devices that a level of the search for a suggestion imagines together, and jobs. */
const SUGGESTION_RUNS_MAX = 600_000
const WHOLE_JOBS_MAX = 60

/**
 * Prints what the rollout does; the exit status is 1 when a goal is not met.
 *
 * @throws Error for what is wrong with the flags or files
 */
export async function rehearseCommand(flags: RehearseFlags): Promise<void> {
  const terms = flags.goal === undefined ? [] : parseGoal(flags.goal)
  const plan = await planOf(flags)
  const seeds: RehearsedSeed[] = []
  for (let place = 0; place < flags.seeds; place += 1) {
    const outcome = rehearseSeed(plan, flags.seed + place)
    if (!outcome.ok) throw new Error(`${flags.job}: ${outcome.error.message}`)
    seeds.push(outcome.value)
    if (flags.json) print(JSON.stringify(seedLine(outcome.value)))
  }
  const outcome = rehearsal(plan.names.count, seeds)
  const goal = judgeGoal(terms, outcome)
  const isMissed = goal.some(({ met }) => !met)
  const rehearsed: Rehearsed = {
    fleetName: plan.fleet.name,
    startMs: plan.startMs,
    lookSeconds: plan.lookSeconds,
    settings: settingsText(plan.job),
    outcome,
    goal,
    sensitivity: sensitivityRows(flags, plan),
    suggested: isMissed ? suggested(flags, plan, terms) : undefined,
    replay: (seed) => replayLine(flags, plan, seed),
  }
  const summary = summaryLine(rehearsed)
  if (flags.html !== undefined) writeFileSync(flags.html, rehearsalPage(rehearsed, summary))
  if (flags.json) print(JSON.stringify(summary))
  else for (const line of rehearsalText(rehearsed)) print(line)
  if (isMissed) process.exitCode = 1
}

/** As the fleet is, a changed job costs what the job itself does: large fleets leave that out. */
function sensitivityRows(flags: RehearseFlags, plan: Plan): readonly SensitivityRow[] {
  if (flags.sensitivity === 'off') return []
  const seeds = seedsOf(flags, BAD_SEEDS_MAX)
  const most = Math.floor(WHOLE_RUNS_MAX / (plan.names.count * SENSITIVITY_ROWS))
  const asIs = flags.sensitivity === 'full' ? seeds : seeds.slice(0, most)
  return [...sensitivity(plan, seeds, asIs)].flatMap((row) => (row.ok ? [row.value] : []))
}

function suggested(flags: RehearseFlags, plan: Plan, terms: readonly GoalTerm[]): Suggested {
  const seeds = seedsOf(flags, SUGGESTION_SEEDS_MAX)
  const wholeMax = Math.floor(SUGGESTION_RUNS_MAX / (plan.names.count * seeds.length))
  return suggestJob(plan, terms, seeds, Math.min(WHOLE_JOBS_MAX, Math.max(1, wholeMax)))
}

function seedsOf({ seed, seeds }: RehearseFlags, most: number): readonly number[] {
  return Array.from({ length: Math.min(seeds, most) }, (_, place) => seed + place)
}

async function planOf(flags: RehearseFlags): Promise<Plan> {
  const job = readJobFile(flags.job)
  const { fleet, known, names } = await devicesOf(flags, job.targets)
  const startsAt = flags.at ?? fleet.startsAt
  const startMs =
    startsAt === undefined ? Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS : fleetTimeMs(startsAt)
  const lookSeconds = flags.for
  return { job, fleet, names, startMs, lookSeconds, ...(known !== undefined && { known }) }
}

async function devicesOf(
  flags: RehearseFlags,
  targets: readonly string[] | undefined,
): Promise<Pick<Plan, 'fleet' | 'known' | 'names'>> {
  if (flags.live !== true) {
    if (flags.fleet === undefined) {
      throw new Error('expected --fleet FILE or --live: whom the job is for')
    }
    const fleet = readFleetFile(flags.fleet)
    return { fleet, names: countedNames(flags.devices ?? fleet.devices) }
  }
  if (flags.devices !== undefined) {
    throw new Error('--devices is for an imagined fleet: --live takes the things that are there')
  }
  // Loaded only here: the SDK takes longer to load than a small fleet takes to rehearse.
  const { liveDevices, PLAIN_FLEET } = await import('./live-devices.ts')
  const fleet = flags.fleet === undefined ? PLAIN_FLEET : readFleetFile(flags.fleet)
  if (flags.fleet === undefined) {
    const note = 'without --fleet every device is online, takes a minute and succeeds'
    process.stderr.write(`muster: ${note}\n`)
  }
  const where = liveEndpoint(flags)
  return { fleet, ...(await answered(where, () => liveDevices(where, targets, fleet))) }
}

/** The command that plays one seed again, whatever the time is then. */
function replayLine(flags: RehearseFlags, plan: Plan, seed: number): string {
  const { lookSeconds, names, startMs } = plan
  const named = ['endpoint', 'profile', 'region', 'httpPort'] as const
  const words = {
    endpoint: '--endpoint',
    profile: '--profile',
    region: '--region',
    httpPort: '--http-port',
  }
  const at = new Date(startMs).toISOString().slice(0, 16)
  return [
    `muster rehearse --job ${flags.job}`,
    ...(flags.fleet === undefined ? [] : [`--fleet ${flags.fleet}`]),
    ...(flags.live === true
      ? [
          '--live',
          ...named.flatMap((name) =>
            flags[name] === undefined ? [] : [`${words[name]} ${flags[name]}`],
          ),
        ]
      : [`--devices ${names.count}`]),
    `--seeds 1 --seed ${seed} --at ${at} --for ${lookSeconds}s`,
  ].join(' ')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
