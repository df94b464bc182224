/** Message enrichment (gateway G132): what a thing's type adds to the messages of its connections. */
import type { RegistryState } from '../state/registry-state.ts'

/** MQTT 5 user properties, in the order of the type's configuration. */
export type PropagatedProperties = readonly (readonly [name: string, value: string])[]

/**
 * What a connection's messages get now. An attribute that the thing lacks adds nothing.
 *
 * @param thingName - the connection's thing (gateway G58)
 * @returns undefined for a thing whose type, if it has one, adds nothing
 */
export function propagatedProperties(
  state: RegistryState,
  thingName: string,
  clientId: string,
): PropagatedProperties | undefined {
  const thing = state.things.byName.get(thingName)
  if (thing?.thingTypeName === undefined) return undefined
  const type = state.thingTypes.byName.get(thing.thingTypeName)
  const propagating = type?.mqtt5PropagatingAttributes
  if (propagating === undefined || propagating.length === 0) return undefined
  const ofConnection = new Map([
    ['iot:ClientId', clientId],
    ['iot:Thing.ThingName', thingName],
  ])
  // Names are the operator's: `constructor` is no attribute of a thing that has none of that name.
  const ofThing = (name: string): string | undefined =>
    Object.hasOwn(thing.attributes, name) ? thing.attributes[name] : undefined
  return propagating.flatMap(({ userPropertyKey, thingAttribute, connectionAttribute = '' }) => {
    const value =
      thingAttribute === undefined ? ofConnection.get(connectionAttribute) : ofThing(thingAttribute)
    return userPropertyKey === undefined || value === undefined ? [] : [[userPropertyKey, value]]
  })
}
