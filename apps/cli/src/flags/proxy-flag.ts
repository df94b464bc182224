/** Balancers in front of the listeners. */
import type { Command } from 'commander'
import { collect } from './values.ts'

/** Adds `--proxy-from`. */
export function proxyFlag(command: Command): Command {
  return command.option(
    '--proxy-from <network>',
    'a balancer that sends PROXY protocol v2: address or network (repeatable)',
    collect,
  )
}
