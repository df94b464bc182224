/** `muster load`: a load test of any server, or of one of its own. */
import type { TargetFlags } from '@muster/fleet/control'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { couldNotRun, orCouldNotRun } from '../flags/could-not-run.ts'
import { inputFile, outputFile } from '../flags/named-file.ts'
import { addAddressFlags } from '../flags/target-flags.ts'
import { count, positive } from '../flags/values.ts'
import { addLoadK6Command } from './load-k6-command.ts'

/** Flags of `load`; `profile` is the shape of the load. */
export interface LoadFlags extends Omit<TargetFlags, 'profile'> {
  readonly path?: 'mqtt' | 'https' | 'both'
  readonly profile: string
  readonly awsProfile?: string
  readonly alpnPort?: number
  readonly devices?: number
  readonly rate?: number
  readonly duration?: number
  readonly workers?: number
  readonly data: string
  readonly identities?: string
  readonly thresholds?: string
  readonly maxMessages?: number
  readonly closed: boolean
  readonly html?: string
  readonly json: boolean
}

/** Flags of `load compare`. */
export interface CompareFlags {
  readonly tolerance: number
  readonly json: boolean
}

/** Adds `load` and what is below it. */
export function addLoadCommands(program: Command): void {
  const load = program
    .command('load')
    .description('load-test authorization, jobs and telemetry: open loop, thresholds, one report')
    .argument('<scenario>', 'connect-storm, authorize, jobs-lifecycle …, or all; list names them')
    .addOption(
      new Option(
        '--path <path>',
        'how devices speak; default mqtt, where the scenario has it',
      ).choices(['mqtt', 'https', 'both']),
    )
    .option('--profile <shape>', 'smoke, average, stress, spike or soak', shape, 'smoke')
    .option('--devices <n>', 'each with its own key and certificate', count)
    .option('--rate <n>', 'arrivals a second, of the first step with stress', positive)
    .option('--duration <seconds>', 'of the load, of each step with stress', positive)
    .option('--workers <n>', 'generator processes; default one for every 2000 devices', count)
    .option('--identities <dir>', 'where keys and certificates are kept; default DATA/load')
    .option('--thresholds <file>', 'YAML with what the run must keep to', inputFile('a YAML file'))
    .option('--closed', 'closed loop: ask again when answered, as fast as that goes', false)
    .option('--max-messages <n>', 'messages that may be sent; needed against AWS', count)
    .option('--html <file>', 'write the report as one HTML page', outputFile)
    .option('--json', 'the summary as JSON, last line on stdout', false)
    .option('--aws-profile <name>', 'AWS profile: run against AWS')
    .option('--admin-token <token>', 'of a server that asks for one, to tell what it uses')
  // Before this command's own exit status, which those below it would take over.
  addLoadK6Command(load)
  addAddressFlags(load)
    .action(async (scenario: string, flags: LoadFlags) => {
      await orCouldNotRun(async () => {
        const { loadCommand } = await import('./load.ts')
        await loadCommand(scenario, flags)
      })
    })
    .exitOverride(couldNotRun)
  load
    .command('compare')
    .description('two runs side by side, from the JSON lines that they wrote')
    .argument('<before>', 'file with a JSON line', inputFile('a file with the JSON line of a run'))
    .argument('<after>', 'file with another', inputFile('a file with the JSON line of a run'))
    .option('--tolerance <percent>', 'what may be worse before it counts', positive, 25)
    .option('--json', 'the differences as JSON', false)
    .action(async (before: string, after: string, flags: CompareFlags) => {
      await orCouldNotRun(async () => {
        const { compareCommand } = await import('./compare.ts')
        compareCommand(before, after, flags)
      })
    })
    .exitOverride(couldNotRun)
}

const SHAPES = ['smoke', 'average', 'stress', 'spike', 'soak']

function shape(value: string): string {
  if (SHAPES.includes(value)) return value
  throw new InvalidArgumentError(`expected ${SHAPES.join(', ')}; a profile of AWS is --aws-profile`)
}
