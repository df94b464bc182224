/**
 * A shadow's document: two sections, each with the time of every value in it (neighbours N18 to N20,
 * N27).
 */
import { isList, isObject, NULL, readJson, type JsonNode, type JsonObject } from './json-node.ts'

/** The two sections, in the order in which they are written. */
const SECTIONS = ['desired', 'reported'] as const

/**
 * Values of the sections and, of the same form, when each was written; an empty one is absent. A time is
 * one text, `{"timestamp":1700000000}`, so that no member of a shadow can be taken for it.
 */
export interface ShadowDocument {
  readonly state: JsonObject
  readonly metadata: JsonObject
}

/** A document without a section. */
export const EMPTY_DOCUMENT: ShadowDocument = { state: new Map(), metadata: new Map() }

/**
 * What a request asks to write: sections with their members, `null` to empty one; `null` instead of
 * them empties both.
 */
export type WantedState = JsonObject | typeof NULL

/**
 * The document after an update (neighbours N19): values replace, objects merge, `null` removes, lists
 * replace whole.
 *
 * @param atSeconds - epoch seconds
 */
export function merged(
  { state, metadata }: ShadowDocument,
  wanted: WantedState,
  atSeconds: number,
): ShadowDocument {
  const stamp = stampOf(atSeconds)
  const nextState = new Map<string, JsonNode>()
  const nextMetadata = new Map<string, JsonNode>()
  for (const section of SECTIONS) {
    const asked = isObject(wanted) ? wanted.get(section) : NULL
    const before = { values: objectAt(state, section), times: objectAt(metadata, section) }
    const after =
      asked === NULL ? undefined : isObject(asked) ? merge(before, asked, stamp) : before
    if (after === undefined || after.values.size === 0) continue
    nextState.set(section, after.values)
    nextMetadata.set(section, after.times)
  }
  return { state: nextState, metadata: nextMetadata }
}

/** The metadata of what a request wrote, removals included (neighbours N30). */
export function stampsOf(wanted: WantedState, atSeconds: number): JsonNode {
  return stamped(wanted, stampOf(atSeconds))
}

/** A time among metadata as it was written: no object of values, whose `timestamp` has a time itself. */
const STAMP = /\{"timestamp":\d+\}/y

/** Reads metadata that was kept; undefined for what is none. */
export function readMetadata(text: string): JsonObject | undefined {
  const read = readJson(text, STAMP)
  return typeof read !== 'string' && isObject(read.node) ? read.node : undefined
}

/** Members and, of the same form, their times. */
interface Stamped {
  readonly values: JsonObject
  readonly times: JsonObject
}

function merge(before: Stamped, asked: JsonObject, stamp: string): Stamped {
  const values = new Map(before.values)
  const times = new Map(before.times)
  for (const [name, value] of asked) {
    if (value === NULL) {
      values.delete(name)
      times.delete(name)
    } else if (isObject(value)) {
      const inner = { values: objectAt(values, name), times: objectAt(times, name) }
      // The times of a value that is no object are no members of it.
      const under = isObject(values.get(name)) ? inner : { values: NOTHING, times: NOTHING }
      const after = merge(under, value, stamp)
      values.set(name, after.values)
      times.set(name, after.times)
    } else {
      values.set(name, value)
      times.set(name, stamped(value, stamp))
    }
  }
  return { values, times }
}

const NOTHING: JsonObject = new Map()

function objectAt(object: JsonObject, name: string): JsonObject {
  const member = object.get(name)
  return isObject(member) ? member : NOTHING
}

function stampOf(atSeconds: number): string {
  return `{"timestamp":${atSeconds}}`
}

/** Every leaf becomes its time, a list one of each of its entries. */
function stamped(value: JsonNode, stamp: string): JsonNode {
  if (typeof value === 'string') return stamp
  if (isList(value)) return value.map((entry) => stamped(entry, stamp))
  const times = new Map<string, JsonNode>()
  for (const [name, member] of value) times.set(name, stamped(member, stamp))
  return times
}
