/** `muster core`: the server behind gateways that join over a bus. */
import type { Command } from 'commander'
import { addBusFlags, type BusFlags } from '../flags/bus-flags.ts'
import { addServerFlags, type ServerFlags } from '../flags/server-flags.ts'

/** Flags of `core`. */
export interface CoreFlags extends ServerFlags, BusFlags {
  readonly json: boolean
}

/** Adds `core`. */
export function addCoreCommand(program: Command): void {
  const core = program
    .command('core')
    .description('the server behind gateways, which end TLS and join over NATS')
  addServerFlags(addBusFlags(core), 'system', 'gateways')
    .option('--json', 'print one JSON line when ready', false)
    .action(async (flags: CoreFlags) => {
      const { runCore } = await import('./core.ts')
      await runCore(flags)
    })
}
