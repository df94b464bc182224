/**
 * Which fields a query may ask things for: those of the registry always, those of connectivity,
 * shadows and Device Defender while they are indexed (gateway G79, G80, neighbours N46). This server
 * holds no violations: their fields are refused even then, for nothing could be found.
 */
import type { RegistryState } from '../state/registry-state.ts'
import { MANAGED_FIELDS } from './index-fields.ts'
import { unknownField, type FieldRule } from './parse-query.ts'
import { CLASSIC, isShadowIndexed, shadowField } from './shadow-fields.ts'
import { THING_FIELDS } from './thing-fields.ts'
import { QueryFault } from './tokenize.ts'

/** Any field that things can have, whatever is indexed: for queries that are kept. */
export const anyThingField: FieldRule = (name) =>
  THING_FIELDS.isField(name) ? undefined : unknownField(name)

/** The rule under the index configuration of now. */
export function thingFieldRule({ settings: { indexing } }: RegistryState): FieldRule {
  const thing = indexing?.thing ?? {}
  return (name) => {
    if (name.startsWith('connectivity.')) {
      if (indexing?.thingConnectivityIndexingMode !== 'STATUS') return notIndexed('Connectivity')
      if (THING_FIELDS.isField(name)) return undefined
      return MANAGED_FIELDS.some((field) => field.name === name)
        ? notHeld(name)
        : unknownField(name)
    }
    // Of a shadow that the filter does not name, nothing is found.
    if (name.startsWith('shadow.name.')) {
      return thing.namedShadowIndexingMode === 'ON' ? shadowFault(name) : unknownField(name)
    }
    if (name.startsWith('shadow.') && name !== 'shadow.name') {
      return isShadowIndexed(indexing, CLASSIC) ? shadowFault(name) : notIndexed('Shadow')
    }
    if (name.startsWith('deviceDefender.')) {
      const indexed = thing.deviceDefenderIndexingMode === 'VIOLATIONS'
      return indexed ? notHeld(name) : notIndexed('Devicedefender')
    }
    return anyThingField(name)
  }
}

/** neighbours N46: versions of shadows can be summed up, not searched for. */
function shadowFault(name: string): QueryFault | undefined {
  const field = shadowField(name)
  return field === undefined || field.part === 'version' ? unknownField(name) : undefined
}

function notIndexed(what: string): QueryFault {
  return new QueryFault(
    `Query includes one or more constraints for ${what} attribute, ` +
      `but ${what} indexing is not enabled for AWS_Things index`,
    true,
  )
}

function notHeld(name: string): QueryFault {
  return new QueryFault(`Unable to parse query, this server does not index ${name}`)
}
