/** `muster verify`: conformance scenarios against any server. */
import type { TargetFlags } from '@muster/fleet/control'
import type { Command } from 'commander'
import { inputFile } from '../flags/named-file.ts'
import { addTargetFlags } from '../flags/target-flags.ts'
import { addAccountFlags, type AccountFlags } from '../verify/account-flags.ts'

/** Flags of `verify jobs`. */
export interface VerifyFlags extends Omit<TargetFlags, 'profile'>, AccountFlags {
  readonly scenarios?: string
  readonly only?: string
  readonly adminToken?: string
}

/** Flags of `verify cases`. */
export interface VerifyCasesFlags extends Omit<TargetFlags, 'profile'>, AccountFlags {
  readonly cases?: string
  readonly only?: string
  readonly adminToken?: string
}

/** Flags of `verify clients`. */
export interface VerifyClientsFlags extends Omit<TargetFlags, 'profile'>, AccountFlags {
  readonly aws: string
}

/** Adds `verify jobs`, `verify clients` and `verify cases`. */
export function addVerifyCommands(program: Command): void {
  const verify = program.command('verify').description('run conformance scenarios')
  const jobs = verify
    .command('jobs')
    .description(
      'scenarios of AWS IoT Jobs, over the public wire of a server (each empties its account), or in names of their own in an account of others',
    )
    .option(
      '--scenarios <file>',
      'file of scenarios; in an account of others ours without it',
      inputFile('a file of scenarios'),
    )
    .option('--only <ids>', 'run these scenarios only, separated by commas')
  addAccountFlags(addTargetFlags(jobs))
    .option('--admin-token <token>', 'token of the admin API')
    .option('--json', 'print one JSON line for each scenario', false)
    .action(async (flags: VerifyFlags) => {
      const { verifyJobs } = await import('./verify-jobs.ts')
      await verifyJobs(flags)
    })
  const cases = verify
    .command('cases')
    .description(
      'cases of what stands beside Jobs: each on a server of its own, or on the one that port flags name, whose account they empty, or in names of their own in an account of others',
    )
    .option(
      '--cases <file>',
      'file of cases; in an account of others ours without it',
      inputFile('a file of cases'),
    )
    .option('--only <ids>', 'run these cases only, separated by commas')
  addAccountFlags(addTargetFlags(cases))
    .option('--admin-token <token>', 'token of the admin API')
    .option('--json', 'print one JSON line for each case', false)
    .action(async (flags: VerifyCasesFlags) => {
      const { verifyCases } = await import('./verify-cases.ts')
      await verifyCases(flags)
    })
  addClientsCommand(verify)
}

function addClientsCommand(verify: Command): void {
  const clients = verify
    .command('clients')
    .description(
      'a walk of unmodified clients (AWS CLI, mosquitto, curl), in names of its own in an account of others',
    )
    .option('--aws <program>', 'the AWS CLI', 'aws')
  addAccountFlags(addTargetFlags(clients))
    .option('--json', 'print one JSON line for each step', false)
    .action(async (flags: VerifyClientsFlags) => {
      const { verifyClients } = await import('./verify-clients.ts')
      await verifyClients(flags)
    })
}
