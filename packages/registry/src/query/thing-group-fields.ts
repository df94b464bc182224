/**
 * Fields of the index `AWS_ThingGroups`.
 */
import type { ThingGroupRecord } from '../state/records.ts'
import type { Fields, ValueTest } from './match-query.ts'
import { ATTRIBUTES } from './thing-fields.ts'

/** A group as the index sees it. */
export interface IndexedThingGroup {
  readonly group: ThingGroupRecord
  /** From the root down. */
  readonly parentGroupNames: readonly string[]
}

type Some = (indexed: IndexedThingGroup, test: ValueTest) => boolean

const SOME: Readonly<Record<string, Some>> = {
  thingGroupName: ({ group }, test) => test(group.thingGroupName),
  thingGroupId: ({ group }, test) => test(group.thingGroupId),
  thingGroupDescription: ({ group }, test) =>
    group.description !== undefined && test(group.description),
  parentGroupNames: ({ parentGroupNames }, test) => parentGroupNames.some(test),
}

/** How queries read groups. */
export const THING_GROUP_FIELDS: Fields<IndexedThingGroup> = {
  isField: (name) =>
    Object.hasOwn(SOME, name) || (name.startsWith(ATTRIBUTES) && name.length > ATTRIBUTES.length),
  some: (name) => {
    if (Object.hasOwn(SOME, name)) return SOME[name] as Some
    const attribute = name.slice(ATTRIBUTES.length)
    return ({ group: { attributes } }, test) =>
      Object.hasOwn(attributes, attribute) && test(attributes[attribute] as string)
  },
  someOfAny: (indexed, test) =>
    Object.values(SOME).some((some) => some(indexed, test)) ||
    Object.values(indexed.group.attributes).some(test),
}
