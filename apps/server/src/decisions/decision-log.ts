/**
 * The newest refusals, each of which can be expanded into an explanation (design decision 5).
 */
import type { Explanation } from '@muster/policy'
import { AllowedCounts } from './allowed-counts.ts'
import {
  isWanted,
  type DecisionFilter,
  type Denial,
  type ExplainedDecision,
  type LoggedDecision,
  type Reasons,
} from './decision.ts'
import { deniedTo } from './decided-principal.ts'
import { FairEntries } from './fair-entries.ts'

/** One refusal and its repetitions. */
interface Entry {
  readonly denial: Denial
  readonly id: string
  readonly key: string
  readonly cause: string
  readonly client: string
  readonly firstAtMs: number
  lastAtMs: number
  count: number
  /** Grows with every occurrence of any refusal: the order of pages and streams. */
  sequence: number
  reasons: Reasons | (() => Explanation)
  told: Reasons | undefined
}

/** What a log is made of. */
export interface DecisionLogOptions {
  /** Clock time, epoch milliseconds. */
  readonly nowMs: () => number
  readonly entriesMax?: number
  /** Told of every refusal, for metrics. */
  readonly onOccurrence?: (denial: Denial) => void
  /** Told of every first occurrence, for the structured log; `shown` is dear. */
  readonly onFirst?: (
    entry: { readonly cause: string; readonly client: string },
    shown: () => LoggedDecision,
  ) => void
}

/** Refusals, newest first, and where to go on. */
export interface DecisionPage {
  readonly decisions: readonly LoggedDecision[]
  readonly nextToken?: string
}

/** One occurrence, for {@link DecisionLog.watch}. */
export interface DecisionNews {
  /** Grows with every occurrence. */
  readonly sequence: number
  readonly decision: LoggedDecision
}

/** Kept by default; what an entry captures is shared with the connection it came from. */
const entriesMaxDefault = 1000
/** Longest text of a client's that is kept. */
const textMax = 512
/** Entries told in one go: an explanation may take its time. */
const toldAtOnceMax = 50

/** A bounded log of refusals. */
export class DecisionLog {
  /** What was allowed is only counted. */
  readonly allowed: AllowedCounts = new AllowedCounts()
  readonly #options: DecisionLogOptions
  readonly #entries: FairEntries<Entry>
  readonly #byId = new Map<string, Entry>()
  readonly #byKey = new Map<string, Entry>()
  readonly #watchers = new Set<{
    readonly filter: DecisionFilter
    readonly tell: (news: DecisionNews) => void
  }>()
  #nextId = 1
  #sequence = 0

  constructor(options: DecisionLogOptions) {
    this.#options = options
    this.#entries = new FairEntries(options.entriesMax ?? entriesMaxDefault)
  }

  /**
   * Logs a refusal.
   *
   * @param reasons - or what makes the explanation from what was captured when it was decided
   * @returns the id to read it under
   */
  record(told: Denial, given: Reasons | (() => Explanation)): string {
    const reasons = typeof given === 'function' ? given : reasonsOf(given)
    const { nowMs, onFirst, onOccurrence } = this.#options
    const denial = cut(withKind(told))
    onOccurrence?.(denial)
    const key = keyOf(denial, reasons)
    const known = this.#byKey.get(key)
    const atMs = nowMs()
    const entry = known ?? this.#newEntry(denial, key, atMs, reasons)
    entry.lastAtMs = atMs
    entry.count += 1
    entry.sequence = ++this.#sequence
    entry.reasons = reasons
    entry.told = undefined
    const dropped = this.#entries.add(entry)
    if (dropped !== undefined) {
      this.#byId.delete(dropped.id)
      this.#byKey.delete(dropped.key)
    }
    if (known === undefined) onFirst?.(entry, () => shown(entry))
    for (const { filter, tell } of this.#watchers) {
      if (!isWanted(denial, atMs, filter)) continue
      tell({ sequence: entry.sequence, decision: shown(entry) })
    }
    return entry.id
  }

  /**
   * Logged refusals, newest first.
   *
   * @param nextToken - of the page before
   * @returns undefined for a token that is none of this log's
   */
  async page(
    filter: DecisionFilter,
    limit: number,
    nextToken?: string,
  ): Promise<DecisionPage | undefined> {
    if (nextToken !== undefined && !/^[1-9]\d{0,15}$/.test(nextToken)) return undefined
    const before = nextToken === undefined ? Infinity : Number(nextToken)
    const found = this.#entries
      .newest()
      .filter(
        ({ denial, lastAtMs, sequence }) => sequence < before && isWanted(denial, lastAtMs, filter),
      )
    const page = found.slice(0, limit)
    const token = found.length > limit ? page.at(-1)?.sequence : undefined
    const decisions: LoggedDecision[] = []
    for (const entry of page) {
      decisions.push(shown(entry))
      if (decisions.length % toldAtOnceMax === 0) await new Promise(setImmediate)
    }
    return { decisions, ...(token !== undefined && { nextToken: String(token) }) }
  }

  /** A refusal with its explanation; undefined once the log has dropped it. */
  explain(id: string): ExplainedDecision | undefined {
    const entry = this.#byId.get(id)
    return entry && { ...shown(entry), explanation: explanationOf(entry) }
  }

  /** A refusal in one sentence, with what would change it, for MQTT 5 Reason Strings. */
  sentence(id: string | undefined): string | undefined {
    const entry = id === undefined ? undefined : this.#byId.get(id)
    if (entry === undefined) return undefined
    const { summary, hint } = toldOf(entry)
    return hint === '' ? summary : `${summary}; ${hint}`
  }

  /**
   * Tells of every refusal from now on that is wanted.
   *
   * @returns ends it
   */
  watch(filter: DecisionFilter, tell: (news: DecisionNews) => void): () => void {
    const watcher = { filter, tell }
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Forgets everything (`/_muster/reset`); who watches goes on. */
  clear(): void {
    this.#entries.clear()
    this.#byId.clear()
    this.#byKey.clear()
  }

  #newEntry(denial: Denial, key: string, atMs: number, reasons: Entry['reasons']): Entry {
    const { action, clientId = '', kind, principalId = '', reason, sourceIp } = denial
    const entry: Entry = {
      denial,
      id: String(this.#nextId++),
      key,
      cause: `${kind} ${action} ${reason}`,
      client: `${principalId} ${clientId} ${sourceIp}`,
      firstAtMs: atMs,
      lastAtMs: atMs,
      count: 0,
      sequence: 0,
      reasons,
      told: undefined,
    }
    this.#byId.set(entry.id, entry)
    this.#byKey.set(key, entry)
    return entry
  }
}

/** A certificate is told by its id, whoever refuses it. */
function withKind(denial: Denial): Denial {
  const { principalKind, principalId = '' } = denial
  return principalKind === undefined && /^[0-9a-f]{64}$/.test(principalId)
    ? { ...denial, principalKind: 'certificate' }
    : denial
}

/** What makes two refusals the same. */
function keyOf(denial: Denial, reasons: Entry['reasons']): string {
  const { kind, effect, action, reason, principal, principalId, clientId, thingName } = denial
  const what = [kind, effect, action, reason, denial.resource]
  const who = [principal, principalId, clientId, thingName, denial.sourceIp, denial.protocol]
  const why = typeof reasons === 'function' ? '' : reasons.summary
  return [...what, ...who, why].join('\n')
}

/** Texts of clients may be long; what is kept of them is not. */
function cut(denial: Denial): Denial {
  const { action, clientId, resource, thingName } = denial
  const longest = Math.max(
    ...[action, clientId, resource, thingName].map((text) => text?.length ?? 0),
  )
  if (longest <= textMax) return denial
  return {
    ...denial,
    action: cutText(action),
    clientId: clientId && cutText(clientId),
    resource: resource && cutText(resource),
    thingName: thingName && cutText(thingName),
  }
}

function cutText(text: string): string {
  return text.length <= textMax ? text : `${text.slice(0, textMax)}…`
}

function toldOf(entry: Entry): Reasons {
  if (entry.told !== undefined) return entry.told
  const { summary, hint } = reasonsOf(entry.reasons)
  const isPolicy = entry.denial.kind === 'policy'
  entry.told = { summary: isPolicy ? deniedTo(summary, entry.denial) : summary, hint }
  return entry.told
}

function reasonsOf(reasons: Entry['reasons']): Reasons {
  if (typeof reasons !== 'function') {
    return { summary: cutText(reasons.summary), hint: cutText(reasons.hint) }
  }
  const { summary, hints } = reasons()
  return { summary, hint: hints[0] ?? '' }
}

/** What is no policy's decision is explained in the same shape. */
function explanationOf(entry: Entry): Explanation {
  if (typeof entry.reasons === 'function') return entry.reasons()
  const { summary, hint } = toldOf(entry)
  return {
    decision: 'explicitDeny',
    summary,
    action: entry.denial.action,
    resource: entry.denial.resource ?? '*',
    variables: [],
    statements: [],
    decidedBy: [],
    nearestMiss: undefined,
    hints: [hint],
    missingContextValues: [],
  }
}

function shown(entry: Entry): LoggedDecision {
  const { denial, id, firstAtMs, lastAtMs, count } = entry
  return {
    id,
    atMs: lastAtMs,
    kind: denial.kind,
    effect: denial.effect,
    action: denial.action,
    reason: denial.reason,
    clientId: denial.clientId ?? null,
    thingName: denial.thingName ?? null,
    principalId: denial.principalId ?? null,
    sourceIp: denial.sourceIp,
    ...toldOf(entry),
    resource: denial.resource ?? null,
    principal: denial.principal ?? null,
    principalKind: denial.principalKind ?? null,
    cognitoIdentityId: denial.cognitoIdentityId ?? null,
    protocol: denial.protocol,
    firstAtMs,
    lastAtMs,
    count,
    decisionId: id,
  }
}
