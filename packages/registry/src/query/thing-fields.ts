/**
 * Fields of the index `AWS_Things` (gateway G79).
 */
import type { Connectivity } from '../state/ports.ts'
import type { ThingRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { IndexedThing } from './compiled-query.ts'
import type { Fields, ValueTest } from './match-query.ts'
import { shadowField, shadowsOf } from './shadow-fields.ts'

/** Prefix of the fields that hold a thing's attributes. */
export const ATTRIBUTES = 'attributes.'

type Some = (indexed: IndexedThing, test: ValueTest) => boolean

const SOME: Readonly<Record<string, Some>> = {
  thingName: ({ thing }, test) => test(thing.thingName),
  thingId: ({ thing }, test) => test(thing.thingId),
  thingTypeName: ({ thing }, test) =>
    thing.thingTypeName !== undefined && test(thing.thingTypeName),
  thingGroupNames: ({ thingGroupNames }, test) => thingGroupNames.some(test),
  'connectivity.connected': ({ connectivity }, test) =>
    connectivity !== undefined && test(String(connectivity.connected)),
  'connectivity.timestamp': ({ connectivity }, test) =>
    connectivity?.timestampMs !== undefined && test(String(connectivity.timestampMs)),
  'connectivity.disconnectReason': ({ connectivity }, test) =>
    connectivity?.disconnectReason !== undefined && test(connectivity.disconnectReason),
}

/** How queries read things. */
export const THING_FIELDS: Fields<IndexedThing> = {
  isField: (name) =>
    Object.hasOwn(SOME, name) ||
    (name.startsWith(ATTRIBUTES) && name.length > ATTRIBUTES.length) ||
    shadowField(name) !== undefined,
  some: (name) => {
    if (Object.hasOwn(SOME, name)) return SOME[name] as Some
    const field = shadowField(name)
    if (field !== undefined) {
      return ({ shadow }, test) => shadow(field.shadowName)?.some(field, test) === true
    }
    const attribute = name.slice(ATTRIBUTES.length)
    return ({ thing: { attributes } }, test) =>
      Object.hasOwn(attributes, attribute) && test(attributes[attribute] as string)
  },
  someOfAny: ({ thing, thingGroupNames }, test) =>
    test(thing.thingName) ||
    test(thing.thingId) ||
    (thing.thingTypeName !== undefined && test(thing.thingTypeName)) ||
    thingGroupNames.some(test) ||
    Object.values(thing.attributes).some(test),
}

/** The thing as the index sees it now. */
export function indexedThing(state: RegistryState, thing: ThingRecord): IndexedThing {
  const groups = state.thingGroups.staticGroups(thing.thingName)
  const { billingGroupName } = thing
  const connected = state.settings.indexing?.thingConnectivityIndexingMode === 'STATUS'
  return {
    thing,
    thingGroupNames: billingGroupName === undefined ? groups : [...groups, billingGroupName],
    connectivity: connected ? connectivityOf(state, thing.thingName) : undefined,
    shadow: shadowsOf(state, thing.thingName),
  }
}

const DISCONNECTED: Connectivity = { connected: false }

/** A thing of which nothing is known, or no more, is not connected: the rest is missing (G80). */
export function connectivityOf(state: RegistryState, thingName: string): Connectivity {
  return state.ports.connectivity?.(thingName) ?? DISCONNECTED
}
