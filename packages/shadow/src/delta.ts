/** What a device has still to do: desired minus reported (neighbours N28). */
import { isObject, isSame, type JsonNode, type JsonObject } from './json-node.ts'
import type { ShadowDocument } from './document.ts'

/** A difference, and the times of desired's values in it. */
export interface Delta {
  readonly state: JsonObject
  readonly metadata: JsonObject
}

/** @returns undefined when reported has all that is desired */
export function deltaOf({ state, metadata }: ShadowDocument): Delta | undefined {
  const desired = state.get('desired')
  if (!isObject(desired)) return undefined
  return difference(desired, state.get('reported'), metadata.get('desired'))
}

/** Lists differ whole; members that only reported has count for nothing. */
function difference(
  desired: JsonObject,
  reported: JsonNode | undefined,
  times: JsonNode | undefined,
): Delta | undefined {
  const state = new Map<string, JsonNode>()
  const metadata = new Map<string, JsonNode>()
  for (const [name, wanted] of desired) {
    const actual = isObject(reported) ? reported.get(name) : undefined
    const time = isObject(times) ? times.get(name) : undefined
    if (actual !== undefined && isObject(wanted) && isObject(actual)) {
      const inner = difference(wanted, actual, time)
      if (inner === undefined) continue
      state.set(name, inner.state)
      metadata.set(name, inner.metadata)
    } else if (actual === undefined || !isSame(wanted, actual)) {
      state.set(name, wanted)
      if (time !== undefined) metadata.set(name, time)
    }
  }
  return state.size === 0 ? undefined : { state, metadata }
}
