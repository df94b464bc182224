/**
 * A template's thing: made, or brought into line with what is there (gateway G111).
 */
import { accept, refuse } from '@muster/model'
import type { ThingRecord } from '../state/records.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { addThingToThingGroup, updateThingGroupsForThing } from '../thing-group/membership.ts'
import { createThing } from '../thing/create-thing.ts'
import { updateThing } from '../thing/update-thing.ts'
import type { ProvisioningOutcome } from './provisioning-code.ts'
import type { WantedThing } from './resolve-template.ts'

/**
 * Makes the thing with its groups. An existing one is left as it is unless an override says
 * otherwise.
 *
 * @returns ResourceConflictsException where an override says FAIL; whatever
 *   creating, updating or grouping it refuses
 */
export function provisionThing(
  state: RegistryState,
  wanted: WantedThing,
): ProvisioningOutcome<object> {
  const existing = state.things.byName.get(wanted.thingName)
  if (existing !== undefined) return alignThing(state, existing, wanted)
  const { attributes, billingGroup, thingName, thingTypeName } = wanted
  const created = createThing(state, {
    thingName,
    thingTypeName,
    ...(attributes === undefined ? {} : { attributePayload: { attributes: { ...attributes } } }),
    billingGroupName: billingGroup,
  })
  if (!created.ok) return created
  for (const thingGroupName of wanted.thingGroups ?? []) {
    const added = addThingToThingGroup(state, { thingGroupName, thingName })
    if (!added.ok) return added
  }
  return created
}

function alignThing(
  state: RegistryState,
  thing: ThingRecord,
  wanted: WantedThing,
): ProvisioningOutcome<object> {
  const { overrides, thingName, thingTypeName } = wanted
  if ([...overrides.values()].includes('FAIL')) {
    return refuse('ResourceConflictsException', `Thing ${thingName} already exists`)
  }
  const attributes = overrides.get('AttributePayload') ?? 'DO_NOTHING'
  const setsAttributes =
    wanted.attributes !== undefined && (attributes === 'REPLACE' || attributes === 'MERGE')
  const setsType = thingTypeName !== undefined && overrides.get('ThingTypeName') === 'REPLACE'
  if (setsAttributes || (setsType && thingTypeName !== thing.thingTypeName)) {
    const updated = updateThing(state, {
      thingName,
      ...(setsType ? { thingTypeName } : {}),
      ...(setsAttributes
        ? {
            attributePayload: {
              attributes: { ...wanted.attributes },
              merge: attributes === 'MERGE',
            },
          }
        : {}),
    })
    if (!updated.ok) return updated
  }
  return alignGroups(state, wanted)
}

function alignGroups(state: RegistryState, wanted: WantedThing): ProvisioningOutcome<object> {
  const { overrides, thingGroups, thingName } = wanted
  const override = overrides.get('ThingGroups')
  if (thingGroups === undefined || (override !== 'REPLACE' && override !== 'MERGE')) {
    return accept({})
  }
  const present = state.thingGroups.staticGroups(thingName)
  return updateThingGroupsForThing(state, {
    thingName,
    thingGroupsToAdd: thingGroups.filter((name) => !present.includes(name)),
    thingGroupsToRemove:
      override === 'REPLACE' ? present.filter((name) => !thingGroups.includes(name)) : [],
  })
}
