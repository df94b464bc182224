/** `muster start`: a server, a fleet and a staged rollout in one. */
import { InvalidArgumentError, type Command } from 'commander'
import { addServerFlags, type ServerFlags } from '../flags/server-flags.ts'

/** Flags of `start`. */
export interface StartFlags extends ServerFlags {
  readonly devices: number
  readonly once: boolean
  readonly json: boolean
}

/** Adds `start`. */
export function addStartCommand(program: Command): void {
  const start = program
    .command('start')
    .description('server, fleet and a staged rollout in one; both stay until Ctrl-C')
  addServerFlags(start, 'x30')
    .option('--devices <n>', 'how many devices', devices, 100)
    .option('--once', 'exit after the summary', false)
    .option('--json', 'the summary of the first rollout as a line of JSON on stdout', false)
    .action(async (flags: StartFlags) => {
      const { runStart } = await import('./start.ts')
      await runStart(flags)
    })
}

function devices(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > 100_000) {
    throw new InvalidArgumentError('expected a number from 1 to 100000')
  }
  return number
}
