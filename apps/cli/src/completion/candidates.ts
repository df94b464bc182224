/** What can follow in a command line that is being typed. */
import type { Command, Option } from 'commander'

/**
 * Commands, flags and values that begin as the last word does.
 *
 * @param words - what was typed after `muster`; the last one is being typed and may be empty
 * @returns none where a file or a free text is expected
 */
export function candidates(program: Command, words: readonly string[]): readonly string[] {
  const typed = words.at(-1) ?? ''
  let command = program
  let waiting: Option | undefined
  for (const word of words.slice(0, -1)) {
    // What follows is another program's.
    if (word === '--') return []
    if (waiting !== undefined) {
      waiting = undefined
      continue
    }
    const option = command.options.find(({ short, long }) => word === short || word === long)
    if (option?.required === true) waiting = option
    command = subcommands(command).find((known) => known.name() === word) ?? command
  }
  return all(command, waiting, typed).filter((word) => word.startsWith(typed))
}

function all(command: Command, waiting: Option | undefined, typed: string): readonly string[] {
  if (waiting !== undefined) return waiting.argChoices ?? []
  if (typed.startsWith('-')) return ['--help', ...command.options.flatMap(({ long }) => long ?? [])]
  const values = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
  return [...subcommands(command).map((known) => known.name()), ...values]
}

function subcommands(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command)
}
