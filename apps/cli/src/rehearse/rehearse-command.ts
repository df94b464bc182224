/** `muster rehearse`: what a rollout will do to a fleet, before it does. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { couldNotRun, orCouldNotRun } from '../flags/could-not-run.ts'
import { dataFolderFlag } from '../flags/data-flag.ts'
import { inputFile, outputFile } from '../flags/named-file.ts'
import { count, duration, integer, port, region } from '../flags/values.ts'

/** Flags of `rehearse`. */
export interface RehearseFlags {
  readonly job: string
  readonly fleet?: string
  readonly live?: boolean
  readonly endpoint?: string
  readonly profile?: string
  readonly region?: string
  readonly httpPort?: number
  readonly devices?: number
  readonly seeds: number
  readonly seed: number
  readonly at?: string
  readonly for: number
  readonly goal?: string
  readonly sensitivity: 'auto' | 'full' | 'off'
  readonly html?: string
  readonly json: boolean
  readonly data: string
}

/** Adds `rehearse`. */
export function addRehearseCommand(program: Command): void {
  const rehearse = program
    .command('rehearse')
    .description('rehearse a job on an imagined fleet: how long it takes, and when it aborts')
    .exitOverride(couldNotRun)
    .requiredOption(
      '--job <file>',
      'CreateJob’s input as JSON; targets may be missing',
      inputFile('CreateJob’s input as JSON'),
    )
    .option(
      '--fleet <file>',
      'YAML: devices, when they are online, what they make of a job',
      inputFile('a YAML file'),
    )
    .option('--live', 'the things of a running server or of AWS; --fleet says how they behave')
    .option('--devices <n>', 'so many devices; default what the fleet says', count)
    .option('--seeds <n>', 'how many times, each with other luck', count, 20)
    .option('--seed <n>', 'the first seed: the same one gives the same rollout', integer, 1)
    .option(
      '--at <time>',
      'when the job is created, UTC; default what the fleet says, else now',
      at,
    )
    .option('--for <time>', 'how long is looked, such as 12h or 7d', duration, 7 * 86_400)
    .option('--goal <terms>', 'exit 1 unless every seed keeps to it: "touched <= 500, done <= 48h"')
    .addOption(
      new Option('--sensitivity <how>', 'the job with other rates, thresholds and minimums')
        .choices(['auto', 'full', 'off'])
        .default('auto'),
    )
    .option('--html <file>', 'write the report as one HTML page', outputFile)
    .option('--http-port <port>', 'HTTP port; default that of the data folder’s server', port)
    .option('--endpoint <url>', 'control plane of another server')
    .option('--profile <name>', 'AWS profile: things of AWS itself')
    .option('--region <region>', 'AWS region; default that of the server, else us-east-1', region)
    .option('--json', 'a JSON line a seed, the summary last', false)
  dataFolderFlag(rehearse).action(async (flags: RehearseFlags) => {
    await orCouldNotRun(async () => {
      const { rehearseCommand } = await import('./rehearse.ts')
      await rehearseCommand(flags)
    })
  })
}

function at(value: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) && !Number.isNaN(Date.parse(`${value}Z`))) {
    return value
  }
  throw new InvalidArgumentError('expected a time in UTC such as 2026-11-30T09:00')
}
