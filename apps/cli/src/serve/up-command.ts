/** `muster up`: the server alone. */
import type { Command } from 'commander'
import { addServerFlags, type ServerFlags } from '../flags/server-flags.ts'

/** Flags of `up`. */
export interface UpFlags extends ServerFlags {
  readonly json: boolean
  readonly record?: string
}

/** Adds `up`. */
export function addUpCommand(program: Command): void {
  const up = program.command('up').description('start the server and stay up until Ctrl-C')
  addServerFlags(up, 'system')
    .option('--json', 'print one JSON line when ready', false)
    .option('--record <file>', 'record what devices are allowed, for `policy suggest`')
    .action(async (flags: UpFlags) => {
      const { runUp } = await import('./up.ts')
      await runUp(flags)
    })
}
