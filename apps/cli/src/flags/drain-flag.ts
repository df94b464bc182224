/** How long clients are parted with when a process is told to stop. */
import { InvalidArgumentError, type Command } from 'commander'

/** Adds `--drain-seconds`. */
export function drainFlag(command: Command, seconds: number): Command {
  return command.option(
    '--drain-seconds <n>',
    'on SIGTERM or Ctrl-C take no more clients and part with those there are over so long',
    drain,
    seconds,
  )
}

function drain(value: string): number {
  const number = Number(value)
  if (Number.isFinite(number) && number >= 0 && number <= 3600) return number
  throw new InvalidArgumentError('expected seconds from 0 to 3600')
}
