/** `muster why`: why a thing is not updating; what the server refused, and what would mend it. */
import type { Command } from 'commander'
import { addAdminFlags } from '../flags/admin-flags.ts'
import type { AdminFlags } from '../flags/admin-request.ts'
import { count } from '../flags/values.ts'

/** Flags of `why`. */
export interface WhyFlags extends AdminFlags {
  readonly client?: string
  readonly job?: string
  readonly last: boolean
  readonly follow: boolean
  readonly limit: number
  readonly json: boolean
}

/** Adds `why`. */
export function addWhyCommand(program: Command): void {
  const why = program
    .command('why')
    .description('why a thing is not updating; without one, what was refused to anybody')
    .argument(
      '[thing]',
      'this thing, and what was refused to it or to the client that has its name',
    )
    .option('--job <id>', 'why the thing does not do this job')
    .option('--client <id>', 'of this client ID')
    .option('--last', 'the newest only, explained clause by clause', false)
    .option('--follow', 'stay, and tell each refusal as it happens', false)
    .option('--limit <n>', 'how many at most', count, 10)
    .option('--json', 'one JSON object; with --follow one a line', false)
  addAdminFlags(why).action(async (thing: string | undefined, flags: WhyFlags) => {
    const { runWhy } = await import('./why.ts')
    await runWhy(thing, flags)
  })
}
