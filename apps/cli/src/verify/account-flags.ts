/** Flags of `verify` in a real account. */
import { InvalidArgumentError, type Command } from 'commander'
import { isElsewhere } from '../flags/elsewhere.ts'
import type { LocalServerFlags } from '../flags/local-server.ts'
import { outputFile } from '../flags/named-file.ts'
import { positive } from '../flags/values.ts'

/** Flags of a run in an account of others. */
export interface AccountFlags extends LocalServerFlags {
  readonly profile?: string
  readonly endpoint?: string
  readonly dataEndpoint?: string
  readonly ca?: string
  readonly prefix?: string
  readonly yes: boolean
  readonly dryRun: boolean
  readonly cleanUp: boolean
  readonly report?: string
  readonly rate: number
  readonly quiet: number
  readonly patience: number
  readonly json: boolean
}

/** The same once it is known that they name an account. */
export interface NamedAccountFlags extends AccountFlags {
  readonly prefix: string
}

const PREFIX = /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,19}$/

/** Adds them. */
export function addAccountFlags(command: Command): Command {
  return command
    .option(
      '--prefix <name>',
      'in an account of others: beginning of everything that is made there, and of nothing else',
      prefix,
    )
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .option('--yes', 'do not ask before it begins', false)
    .option('--clean-up', 'remove what earlier runs with this prefix left, and nothing else', false)
    .option('--report <file>', 'write the differences, rule by rule, as Markdown', outputFile)
    .option('--rate <n>', 'calls a second at most', positive, 10)
    .option('--quiet <seconds>', 'silence that a step waits for', positive, 2)
    .option('--patience <seconds>', 'how long a step may take to bring what it must', positive, 20)
}

/**
 * The flags when they name an account of others; undefined for a server of one's own.
 *
 * @throws Error when an account is named and no prefix, or a prefix and no account
 */
export function accountNamed<F extends AccountFlags>(
  flags: F,
): (F & NamedAccountFlags) | undefined {
  const { prefix: given, profile } = flags
  if (given !== undefined && isElsewhere(flags)) return { ...flags, prefix: given }
  if (given !== undefined) {
    throw new Error('--prefix is for an account of others: name it with --profile or --endpoint')
  }
  if (profile !== undefined) {
    throw new Error(
      '--profile is an account of others: give a --prefix, the beginning of every name that may be touched there',
    )
  }
  return undefined
}

function prefix(value: string): string {
  if (PREFIX.test(value)) return value
  throw new InvalidArgumentError(
    'expected 3 to 20 letters, digits, - or _ that begin with a letter or digit',
  )
}
