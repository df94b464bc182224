/**
 * Which refusals a caller of `/_muster/decisions` asks for.
 */
import {
  decisionEffects,
  decisionKinds,
  type DecisionEffect,
  type DecisionFilter,
} from '../decisions/decision.ts'
import { decidedPrincipalKinds, principalKindNamed } from '../decisions/decided-principal.ts'

/** A query that was understood. */
export interface DecisionsQuery {
  readonly filter: DecisionFilter
  /** From 1 to {@link DECISIONS_MAX}; undefined where it was not given. */
  readonly limit: number | undefined
  readonly nextToken: string | undefined
  /** Only allowed requests are asked for, and the log holds none. */
  readonly allowed: boolean
}

/** Most refusals that one answer lists. */
export const DECISIONS_MAX = 1000

const parameters =
  'clientId thingName principalId principalKind kind action effect reason since until limit nextToken'.split(
    ' ',
  )
const effects = [...decisionEffects, 'allow']

/** @returns what was wrong, as a message for the caller, where it cannot be understood */
export function readDecisionsQuery(query: URLSearchParams): DecisionsQuery | string {
  for (const name of query.keys()) {
    if (!parameters.includes(name)) {
      return `no parameter \`${name}\`: expected ${listed(parameters)}`
    }
    if (query.getAll(name).length > 1) return `\`${name}\` is given twice: expected it once`
  }
  const text = (name: string): string | undefined => query.get(name) ?? undefined
  const kind = decisionKinds.find((one) => one === query.get('kind'))
  if (query.has('kind') && kind === undefined) {
    return `expected kind ${listed(decisionKinds)}, not \`${query.get('kind')}\``
  }
  const principalKind = principalKindNamed(query.get('principalKind') ?? undefined)
  if (query.has('principalKind') && principalKind === undefined) {
    return `expected principalKind ${listed(decidedPrincipalKinds)}, not \`${query.get('principalKind')}\``
  }
  const effect = effects.find((one) => one === query.get('effect'))
  if (query.has('effect') && effect === undefined) {
    return `expected effect ${listed(effects)}, not \`${query.get('effect')}\``
  }
  const limit = query.has('limit') ? Number(query.get('limit') || NaN) : undefined
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= DECISIONS_MAX)) {
    return `expected limit from 1 to ${DECISIONS_MAX}`
  }
  const sinceMs = timeOf(query, 'since')
  const untilMs = timeOf(query, 'until')
  if (typeof sinceMs === 'string') return sinceMs
  if (typeof untilMs === 'string') return untilMs
  return {
    filter: {
      clientId: text('clientId'),
      thingName: text('thingName'),
      principalId: text('principalId'),
      principalKind,
      kind,
      action: text('action'),
      effect: effect === 'allow' ? undefined : (effect as DecisionEffect | undefined),
      reason: text('reason'),
      sinceMs,
      untilMs,
    },
    limit,
    nextToken: text('nextToken'),
    allowed: effect === 'allow',
  }
}

/** Clock time in epoch milliseconds; a message where it is neither that nor ISO 8601. */
function timeOf(query: URLSearchParams, name: string): number | string | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : dateMs(text)
  return Number.isFinite(ms)
    ? ms
    : `expected ${name} in epoch milliseconds or as \`2026-01-31T12:00:00Z\`, not \`${text}\``
}

function dateMs(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : NaN
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
