/** `muster simulate` and `muster onboard`: a fleet against any server. */
import type { TargetFlags } from '@muster/fleet/control'
import type { Shard } from '@muster/simulator'
import type { Command } from 'commander'
import { outputFile } from '../flags/named-file.ts'
import { addTargetFlags } from '../flags/target-flags.ts'
import { count, duration, integer, port, shard } from '../flags/values.ts'

/** Flags that both commands have. */
export interface FleetFlags extends TargetFlags {
  readonly devices?: number
  readonly seed?: number
  readonly prefix?: string
  readonly data: string
  /** Undefined: `devices` in the data folder. */
  readonly identities?: string
  readonly shard?: Shard
  readonly json: boolean
}

/** Flags of `simulate`. */
export interface SimulateFlags extends FleetFlags {
  readonly scenario: string
  readonly list: boolean
  readonly runId?: string
  readonly processes?: number
  readonly clockRate?: number
  readonly certificateFolder?: string
  /** Seconds. */
  readonly duration?: number
  readonly outageSeconds: number
  readonly html?: string
  readonly metricsPort?: number
}

/** Flags of `onboard`. */
export interface OnboardFlags extends FleetFlags {
  readonly scenario: string
}

/** Adds `simulate` and `onboard`. */
export function addSimulateCommands(program: Command): void {
  const run = program
    .command('simulate')
    .description('run a fleet scenario against a server or AWS')
    .option('--scenario <name>', 'a ready scenario or a YAML file', 'ota-wave')
    .option('--list', 'name the ready scenarios', false)
  fleetFlags(run)
    .option('--certificate-folder <dir>', 'devices are those with a certificate in there')
    .option(
      '--admin-token <token>',
      'of a server that asks for one: to move its clock, tell its use',
    )
    .option('--run-id <id>', 'tells runs apart; shards of one run share it')
    .option('--processes <n>', 'worker processes; default one for every 10000 devices', count)
    .option('--clock-rate <n>', 'device seconds per wall second; default the server’s', count)
    .option(
      '--duration <time>',
      'soak: repeat what follows connecting, as 90s, 30m or 8h',
      duration,
    )
    .option('--outage-seconds <n>', 'how long a server that goes away is waited for', count, 60)
    .option('--html <file>', 'write the report as one HTML page', outputFile)
    .option('--metrics-port <port>', 'Prometheus metrics while it runs (0: a free port)', port)
    .option('--json', 'the summary as JSON, last line on stdout', false)
    .action(async (flags: SimulateFlags) => {
      const { runSimulate } = await import('./simulate.ts')
      await runSimulate(flags)
    })
  const onboard = program
    .command('onboard')
    .description('make things and certificates for a fleet, and keep the keys for later runs')
    .option('--scenario <name>', 'whose groups to make', 'ota-wave')
  fleetFlags(onboard)
    .option('--json', 'what was made as JSON, last line on stdout', false)
    .action(async (flags: OnboardFlags) => {
      const { runOnboard } = await import('./simulate.ts')
      await runOnboard(flags)
    })
}

function fleetFlags(command: Command): Command {
  return addTargetFlags(command)
    .option('--devices <n>', 'how many devices; default the scenario’s', count)
    .option('--seed <n>', 'same seed, same fleet and decisions', integer)
    .option('--prefix <text>', 'things are named PREFIX-00017; default the scenario’s name')
    .option('--identities <dir>', 'where keys and certificates are kept; default DATA/devices')
    .option('--shard <i/n>', 'this host’s part of the fleet, from 0/n', shard)
}
