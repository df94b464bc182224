/** `muster`: a thin door to the apps. Results go to stdout, everything else to stderr. */
import { Command, CommanderError } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addEnvCommand } from './env-command.ts'
import { addPolicyCommands } from './policy-commands.ts'
import { addSimulateCommands } from './simulate-commands.ts'
import { addStartCommand } from './start-command.ts'
import { addUpCommand } from './up-command.ts'
import { addVerifyCommands } from './verify-commands.ts'

// A reader that closes early (`… | head`) is no fault.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code === 'EPIPE') process.exit(0)
  throw cause
})

const program = new Command('muster')
  .description('AWS IoT Jobs on a laptop, and the fleet to run against it')
  .version(manifest.version)
  .showHelpAfterError()
  .exitOverride()

addStartCommand(program)
addUpCommand(program)
addSimulateCommands(program)
addPolicyCommands(program)
addVerifyCommands(program)
addEnvCommand(program)

try {
  await program.parseAsync()
} catch (cause) {
  if (cause instanceof CommanderError) {
    process.exitCode = cause.exitCode
  } else {
    const detail = process.env['MUSTER_TRACE'] === undefined ? undefined : (cause as Error).stack
    process.stderr.write(
      `muster: ${detail ?? (cause instanceof Error ? cause.message : String(cause))}\n`,
    )
    process.exitCode = 1
  }
}
