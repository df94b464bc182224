/** `muster verify`: conformance scenarios against any server. */
import type { TargetFlags } from '@muster/simulator'
import type { Command } from 'commander'
import { addTargetFlags } from '../flags/target-flags.ts'

/** Flags of `verify jobs`. */
export interface VerifyFlags extends TargetFlags {
  readonly data: string
  readonly scenarios: string
  readonly only?: string
  readonly adminToken?: string
  readonly json: boolean
}

/** Adds `verify jobs`. */
export function addVerifyCommands(program: Command): void {
  const verify = program.command('verify').description('run conformance scenarios')
  const jobs = verify
    .command('jobs')
    .description(
      'scenarios of AWS IoT Jobs, over the public wire of a server (each empties its account) or of AWS',
    )
    .requiredOption('--scenarios <file>', 'file of scenarios')
    .option('--only <ids>', 'run these scenarios only, separated by commas')
  addTargetFlags(jobs)
    .option('--admin-token <token>', 'token of the admin API')
    .option('--json', 'print one JSON line for each scenario', false)
    .action(async (flags: VerifyFlags) => {
      const { verifyJobs } = await import('./verify-jobs.ts')
      await verifyJobs(flags)
    })
}
