/** `muster up`: the server alone. */
import { InvalidArgumentError, type Command } from 'commander'
import { drainFlag } from '../flags/drain-flag.ts'
import { outputFile } from '../flags/named-file.ts'
import { addServerFlags, type ServerFlags } from '../flags/server-flags.ts'

/** Flags of `up`. */
export interface UpFlags extends ServerFlags {
  readonly gateways?: number
  readonly drainSeconds: number
  readonly json: boolean
  readonly record?: string
}

/** Adds `up`. */
export function addUpCommand(program: Command): void {
  const up = program.command('up').description('start the server and stay up until Ctrl-C')
  drainFlag(addServerFlags(up, 'system'), 0)
    .option('--gateways <n>', 'end TLS in so many processes that share the ports', gatewayCount)
    .option('--json', 'print one JSON line when ready', false)
    .option('--record <file>', 'record what devices are allowed, for `policy suggest`', outputFile)
    .action(async (flags: UpFlags) => {
      const { runUp } = await import('./up.ts')
      await runUp(flags)
    })
}

function gatewayCount(value: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number
  throw new InvalidArgumentError('expected a number from 1 to 64')
}
