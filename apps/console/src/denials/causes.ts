/** Denials with one cause: what mends one of them mends them all. */
import { arnResource } from '../aws/arn.ts'
import { principalKind, whoOf, type Denial, type PrincipalKind } from './decision.ts'

/** A cause and what it did. */
export interface Cause {
  readonly key: string
  readonly kind: string
  readonly action: string
  readonly reason: string
  readonly principalKind: PrincipalKind
  /** What it was about, with the names of who asked taken out: `topic/${thing}/temperature`. */
  readonly pattern: string
  /** Occurrences. */
  readonly count: number
  /** Different ones that were refused. */
  readonly refused: number
  readonly lastAtMs: number
  /** The newest denial of the cause. */
  readonly newest: Denial
}

/** Groups denials by cause, the last that occurred first. */
export function causesOf(denials: readonly Denial[]): readonly Cause[] {
  const groups = new Map<string, Denial[]>()
  for (const denial of denials) {
    const key = causeKey(denial)
    const group = groups.get(key)
    if (group) group.push(denial)
    else groups.set(key, [denial])
  }
  return [...groups.entries()]
    .map(([key, group]) => cause(key, group))
    .toSorted((left, right) => right.lastAtMs - left.lastAtMs)
}

/** What denials of one cause have in common. */
export function causeKey(denial: Denial): string {
  const { kind, effect, action, reason } = denial
  return [kind, effect, action, reason, principalKind(denial), resourcePattern(denial)].join(' ')
}

function cause(key: string, group: readonly Denial[]): Cause {
  const newest = group.reduce((last, one) => (one.lastAtMs > last.lastAtMs ? one : last))
  return {
    key,
    kind: newest.kind,
    action: newest.action,
    reason: newest.reason,
    principalKind: principalKind(newest),
    pattern: resourcePattern(newest),
    count: group.reduce((sum, { count }) => sum + count, 0),
    refused: new Set(group.map(whoOf)).size,
    lastAtMs: newest.lastAtMs,
    newest,
  }
}

/** Names that a machine made: no two denials of a cause share them. */
const made = /^(?:\d+|[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/** What a denial was about, without who asked. */
export function resourcePattern(denial: Denial): string {
  const { resource, thingName, clientId, principalId } = denial
  if (resource === null) return ''
  return arnResource(resource)
    .split('/')
    .map((level) => {
      if (level === thingName) return '${thing}'
      if (level === clientId) return '${client}'
      if (level === principalId) return '${certificate}'
      return made.test(level) ? '*' : level
    })
    .join('/')
}
