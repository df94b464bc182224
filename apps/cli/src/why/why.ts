/** Why a thing is not updating, and what the server refused: the newest, or each as it happens. */
import type { Explanation } from '@muster/policy'
import { askAdmin } from '../flags/admin-request.ts'
import { explanationText } from '../policy/explanation-text.ts'
import { serverSentEvents } from './server-sent-events.ts'
import { thingVerdict, verdictText } from './thing-verdict.ts'
import { refusalText, refusalTitle, type Refusal } from './refusal.ts'
import type { WhyFlags } from './why-command.ts'

/** What one query of the log asks for. */
type Filter = Readonly<Record<string, string>>

/**
 * Prints refusals, the newest last, as a log does.
 *
 * @throws Error when no server answers, or it refuses
 */
export async function runWhy(thing: string | undefined, flags: WhyFlags): Promise<void> {
  const filters = filtersOf(thing, flags)
  if (flags.follow) {
    await follow(filters, flags)
    return
  }
  // The verdict on a thing comes first: what was refused to it illustrates it at most.
  const verdict =
    thing === undefined || flags.last ? undefined : await thingVerdict(thing, flags.job, flags)
  const limit = flags.last ? 1 : flags.limit
  const refusals = await newest(filters, limit, flags)
  if (flags.last && refusals[0]?.kind === 'policy') {
    await printExplained(refusals[0], flags)
    return
  }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ...verdict, decisions: refusals })}\n`)
    return
  }
  if (verdict !== undefined) process.stdout.write(verdictText(verdict, process.stdout))
  for (const refusal of [...refusals].reverse()) {
    process.stdout.write(refusalText(refusal, process.stdout))
  }
  if (refusals.length === 0 && verdict === undefined) {
    const whose = thing ?? flags.client
    process.stdout.write(`nothing was refused${whose === undefined ? '' : ` to ${whose}`}\n`)
  }
}

/**
 * A device whose certificate is not attached to its thing has only its client ID to be known by, so a
 * thing is looked for by both.
 */
function filtersOf(thing: string | undefined, { client }: WhyFlags): readonly Filter[] {
  const byClient = client === undefined ? {} : { clientId: client }
  if (thing === undefined) return [byClient]
  const byThing = { thingName: thing, ...byClient }
  return client === undefined || client === thing ? [byThing, { clientId: thing }] : [byThing]
}

async function newest(
  filters: readonly Filter[],
  limit: number,
  flags: WhyFlags,
): Promise<readonly Refusal[]> {
  const found = new Map<string, Refusal>()
  for (const filter of filters) {
    // More than are shown: those that are not a device's own are left out here.
    const query = {
      ...filter,
      limit: String(filter['thingName'] === undefined ? limit : ASKED_MAX),
    }
    const response = await askAdmin(flags, { path: 'decisions', query })
    const { decisions } = (await response.json()) as { readonly decisions: readonly Refusal[] }
    for (const refusal of decisions) {
      if (isWanted(refusal, filter)) found.set(refusal.id, refusal)
    }
  }
  return [...found.values()].sort((a, b) => b.atMs - a.atMs).slice(0, limit)
}

/** What an operator was refused about a thing was not refused to the thing. */
function isWanted({ principalKind }: Refusal, filter: Filter): boolean {
  const isDevice = principalKind === null || principalKind === 'certificate'
  return filter['thingName'] === undefined || isDevice
}

async function printExplained(refusal: Refusal, flags: WhyFlags): Promise<void> {
  const response = await askAdmin(flags, { path: `decisions/${refusal.id}` })
  const explained = (await response.json()) as Refusal & { readonly explanation: Explanation }
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ decisions: [explained] })}\n`
      : refusalTitle(explained, process.stdout) +
          explanationText(explained.explanation, { all: false }),
  )
}

/** Tells refusals until the server goes. */
async function follow(filters: readonly Filter[], flags: WhyFlags): Promise<void> {
  const told = new Set<string>()
  const tell = (data: string, filter: Filter): void => {
    const refusal = JSON.parse(data) as Refusal
    if (!isWanted(refusal, filter)) return
    const occurrence = `${refusal.id} ${refusal.count}`
    // One of a thing's own client comes by both streams.
    if (told.has(occurrence)) return
    if (told.size >= TOLD_MAX) told.clear()
    told.add(occurrence)
    process.stdout.write(flags.json ? `${data}\n` : refusalText(refusal, process.stdout))
  }
  await Promise.race(
    filters.map(async (query) => {
      const accept = 'text/event-stream'
      const { body } = await askAdmin(flags, { path: 'decisions', query, accept })
      process.stderr.write('listening; Ctrl-C ends it\n')
      if (body !== null) await serverSentEvents(body, (data) => tell(data, query))
    }),
  )
  throw new Error('the server is gone')
}

/** The most that the server lists at once. */
const ASKED_MAX = 1000
/** Occurrences that are remembered. */
const TOLD_MAX = 1000
