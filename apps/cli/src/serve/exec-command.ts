/** `muster exec`: a command with a fresh server of its own, for tests and CI. */
import type { Command } from 'commander'
import { addServerBehaviourFlags, type ServerBehaviourFlags } from '../flags/server-flags.ts'

/** Flags of `exec`. */
export type ExecFlags = ServerBehaviourFlags

/** Adds `exec`; the exit status is that of the command it runs. */
export function addExecCommand(program: Command): void {
  const exec = program
    .command('exec')
    .description('run a command with a fresh server: muster exec --clock virtual -- pytest')
    .usage('[options] -- <command> [arguments...]')
    .argument('<command...>', 'what to run; it finds the server in its environment')
    // What follows the command is the command's own.
    .passThroughOptions()
  addServerBehaviourFlags(exec, 'system').action(
    async (command: readonly string[], flags: ExecFlags) => {
      const { runExec } = await import('./exec.ts')
      process.exitCode = await runExec(command, flags)
    },
  )
}
