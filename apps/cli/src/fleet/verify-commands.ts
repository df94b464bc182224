/** `muster verify`: conformance scenarios against any server. */
import type { TargetFlags } from '@muster/fleet/control'
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

/** Flags of `verify cases`. */
export interface VerifyCasesFlags extends TargetFlags {
  readonly data: string
  readonly cases: string
  readonly only?: string
  readonly adminToken?: string
  readonly json: boolean
}

/** Adds `verify jobs` and `verify cases`. */
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
  const cases = verify
    .command('cases')
    .description(
      'cases of what stands beside Jobs: each on a server of its own, or on the one that port flags name, whose account they empty',
    )
    .requiredOption('--cases <file>', 'file of cases')
    .option('--only <ids>', 'run these cases only, separated by commas')
  addTargetFlags(cases)
    .option('--admin-token <token>', 'token of the admin API')
    .option('--json', 'print one JSON line for each case', false)
    .action(async (flags: VerifyCasesFlags) => {
      const { verifyCases } = await import('./verify-cases.ts')
      await verifyCases(flags)
    })
}
