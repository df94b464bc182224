/**
 * Where to look for the things that a query can find, so that a narrow query does not walk the
 * fleet. The choice depends on the query alone: pages of one query walk the same keys.
 */
import { mergedAfter } from '../paging/merged-names.ts'
import type { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { attributeKey, nameInAttributeKey } from '../thing/thing-state.ts'
import { compileCondition } from './match-query.ts'
import type { Condition, Query } from './query.ts'
import { ATTRIBUTES } from './thing-fields.ts'

/**
 * Keys of all things that can match, in an order of their own, each thing once. Things may change
 * between two calls, not while one is walked.
 */
export interface Plan {
  keysAfter(last: string | undefined): Iterable<string>
  thingNameOf(key: string): string
}

/** A plan for the narrowest of the query's necessary terms that has an index; else the fleet. */
export function planQuery(state: RegistryState, query: Query): Plan {
  const terms = necessaryTerms(query).toSorted(
    (one, other) => narrowness(other.condition) - narrowness(one.condition),
  )
  for (const { field, condition } of terms) {
    const plan = field === undefined ? undefined : planTerm(state, field, condition)
    if (plan !== undefined) return plan
  }
  return { keysAfter: (last) => state.things.names.after(last), thingNameOf: (name) => name }
}

type Term = Extract<Query, { kind: 'term' }>

/** Terms without which nothing matches. */
function necessaryTerms(query: Query): readonly Term[] {
  if (query.kind === 'term') return [query]
  return query.kind === 'and' ? query.operands.flatMap(necessaryTerms) : []
}

/** Narrower than any prefix. */
const EXACT = Number.MAX_SAFE_INTEGER

/** How little a condition is likely to leave: one value, a long prefix, a short one. */
function narrowness(condition: Condition): number {
  return condition.kind === 'equals' ? EXACT : (prefixOf(condition)?.length ?? 0)
}

function planTerm(state: RegistryState, field: string, condition: Condition): Plan | undefined {
  const { things, thingGroups, thingTypes, billingGroups } = state
  if (field === 'thingTypeName' || field === 'thingGroupNames') {
    const test = compileCondition(condition)
    const sets = (): SortedNames[] =>
      field === 'thingTypeName'
        ? Array.from(thingTypes.names)
            .filter(test)
            .map((name) => things.namesByType.get(name))
        : [
            ...Array.from(thingGroups.names)
              .filter(test)
              .map((name) => thingGroups.members.get(name)),
            ...Array.from(billingGroups.names)
              .filter(test)
              .map((name) => things.namesByBillingGroup.get(name)),
          ]
    return { keysAfter: (last) => mergedAfter(sets(), last), thingNameOf: (name) => name }
  }
  const prefix = prefixOf(condition)
  if (prefix === undefined) return undefined
  if (field === 'thingName') {
    return {
      keysAfter: (last) => things.foldedNames.withPrefix(prefix, last),
      thingNameOf: nameInAttributeKey,
    }
  }
  if (!field.startsWith(ATTRIBUTES)) return undefined
  const attribute = field.slice(ATTRIBUTES.length)
  return {
    keysAfter: (last) => things.keysByAttribute.get(attribute).withPrefix(prefix, last),
    thingNameOf: nameInAttributeKey,
  }
}

/** What the keys of all values that meet the condition begin with. */
function prefixOf(condition: Condition): string | undefined {
  if (condition.kind === 'exists') return ''
  if (condition.kind === 'equals') return attributeKey(condition.text, '')
  if (condition.kind === 'range') return undefined
  let prefix = ''
  for (const part of condition.pattern) {
    if (part.kind !== 'character') break
    prefix += part.character
  }
  return prefix
}
