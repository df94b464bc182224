/**
 * The commands of `muster` and how they fail. Results go to stdout, everything else to stderr.
 *
 * Declaring a command loads nothing but its flags; what carries it out is imported when it runs, so
 * that help and mistakes answer at once.
 */
import { styleText } from 'node:util'
import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addCompletionCommand } from './completion/completion-command.ts'
import { addDataCommands } from './data/data-commands.ts'
import { addDeviceCommands } from './device/device-commands.ts'
import { addLoadCommands } from './load/load-commands.ts'
import { addSimulateCommands } from './fleet/simulate-commands.ts'
import { addVerifyCommands } from './fleet/verify-commands.ts'
import { addPolicyCommands } from './policy/policy-commands.ts'
import { addQualifyCommand } from './qualify/qualify-command.ts'
import { addRehearseCommand } from './rehearse/rehearse-command.ts'
import { addCoreCommand } from './serve/core-command.ts'
import { addEnvCommand } from './serve/env-command.ts'
import { addExecCommand } from './serve/exec-command.ts'
import { addGatewayCommand } from './serve/gateway-command.ts'
import { addStartCommand } from './serve/start-command.ts'
import { addUpCommand } from './serve/up-command.ts'
import { addWhyCommand } from './why/why-command.ts'

/** Every command, ready to parse. */
export function musterProgram(): Command {
  const program = new Command('muster')
    .description('AWS IoT Jobs on a laptop, and the fleet to run against it')
    .version(manifest.version)
    .configureOutput({
      // One line: the help would scroll it away.
      outputError: (text, write) => write(text.replace(/^error: /, 'muster: ')),
    })
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
    .enablePositionalOptions()
    .exitOverride()
  addStartCommand(program)
  addUpCommand(program)
  addCoreCommand(program)
  addGatewayCommand(program)
  addSimulateCommands(program)
  addLoadCommands(program)
  addDeviceCommands(program)
  addWhyCommand(program)
  addPolicyCommands(program)
  addRehearseCommand(program)
  addVerifyCommands(program)
  addQualifyCommand(program)
  addDataCommands(program)
  addEnvCommand(program)
  addExecCommand(program)
  addCompletionCommand(program)
  return program
}

/**
 * Runs a command line; the exit status says how it went: 1 for what failed or was refused.
 *
 * @param argv - as `process.argv`
 */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await musterProgram().parseAsync(argv)
  } catch (cause) {
    if (cause instanceof CommanderError) {
      process.exitCode = cause.exitCode
      return
    }
    const detail = process.env['MUSTER_TRACE'] === undefined ? undefined : (cause as Error).stack
    process.stderr.write(
      `muster: ${detail ?? (cause instanceof Error ? cause.message : String(cause))}\n`,
    )
    process.exitCode = 1
  }
}
