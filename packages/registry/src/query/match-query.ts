/**
 * Judges items of an index by a query (gateway G79).
 */
import type { Bound, Condition, PatternPart, Query } from './query.ts'

/** Tells whether an item is found. */
export type Matcher<Item> = (item: Item) => boolean

/**
 * Tells whether one value of a field is as asked. Numbers are those of shadows: all else in the index
 * is text, that of numbers too.
 */
export type ValueTest = (value: string | number) => boolean

/** What an index knows of its items. */
export interface Fields<Item> {
  /** Whether there is a field of this name; names are case-sensitive. */
  isField(name: string): boolean
  /** Whether any value of the field passes. */
  some(name: string): (item: Item, test: ValueTest) => boolean
  /** Whether any value of any field passes that a term without a field looks at. */
  someOfAny(item: Item, test: ValueTest): boolean
}

/** Turns a query into a function, once, for use on many items. */
export function compileQuery<Item>(query: Query, fields: Fields<Item>): Matcher<Item> {
  switch (query.kind) {
    case 'all':
      return () => true
    case 'and': {
      const operands = query.operands.map((operand) => compileQuery(operand, fields))
      return (item) => operands.every((operand) => operand(item))
    }
    case 'or': {
      const operands = query.operands.map((operand) => compileQuery(operand, fields))
      return (item) => operands.some((operand) => operand(item))
    }
    case 'not': {
      const operand = compileQuery(query.operand, fields)
      return (item) => !operand(item)
    }
    case 'term': {
      const test = compileCondition(query.condition)
      if (query.field === undefined) return (item) => fields.someOfAny(item, test)
      const some = fields.some(query.field)
      return (item) => some(item, test)
    }
  }
}

/** The fields that the query names. */
export function fieldsNamed(query: Query): readonly string[] {
  if (query.kind === 'and' || query.kind === 'or') return query.operands.flatMap(fieldsNamed)
  if (query.kind === 'not') return fieldsNamed(query.operand)
  return query.kind === 'term' && query.field !== undefined ? [query.field] : []
}

/** Turns a condition into a function on one value. */
export function compileCondition(condition: Condition): ValueTest {
  switch (condition.kind) {
    case 'exists':
      return () => true
    case 'equals':
      return (value) =>
        typeof value === 'number'
          ? value === toNumber(condition.text) || String(value) === condition.text
          : value.toLowerCase() === condition.text
    case 'like':
      return (value) => isLike(String(value).toLowerCase(), condition.pattern)
    case 'range':
      return (value) => {
        const lower = String(value).toLowerCase()
        return (
          (condition.from === undefined || isBeyond(lower, condition.from, 1)) &&
          (condition.to === undefined || isBeyond(lower, condition.to, -1))
        )
      }
  }
}

/** Whether the value lies on the bound's allowed side: above it for 1, below it for -1. */
function isBeyond(value: string, bound: Bound, side: 1 | -1): boolean {
  const order = compare(value, bound)
  return order === 0 ? bound.included : order === side
}

/** Numbers compare as numbers where both are; everything else compares as text. */
function compare(value: string, bound: Bound): number {
  const number = bound.quoted ? Number.NaN : toNumber(bound.text)
  if (!Number.isNaN(number)) {
    const valueNumber = toNumber(value)
    // A text has no place in a range of numbers: neither above, below nor at its bounds.
    return Number.isNaN(valueNumber) ? Number.NaN : Math.sign(valueNumber - number)
  }
  if (value === bound.text) return 0
  return value < bound.text ? -1 : 1
}

/** The number that a value is; NaN for a text. */
export function toNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
}

/** Greedy, going back to the last `*` alone: time is at most value times pattern length. */
function isLike(value: string, pattern: readonly PatternPart[]): boolean {
  let at = 0
  let part = 0
  let runPart = -1
  let runAt = 0
  while (at < value.length) {
    const expected = pattern[part]
    if (expected?.kind === 'anyRun') {
      runPart = part
      runAt = at
      part += 1
    } else if (
      expected?.kind === 'anyCharacter' ||
      (expected?.kind === 'character' && expected.character === value[at])
    ) {
      at += 1
      part += 1
    } else if (runPart >= 0) {
      runAt += 1
      at = runAt
      part = runPart + 1
    } else {
      return false
    }
  }
  while (pattern[part]?.kind === 'anyRun') part += 1
  return part === pattern.length
}
