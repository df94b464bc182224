import {
  named,
  thing,
  thingGroup,
  thingGroupOrArn,
  thingOrArn,
} from '../../authorization/operator-resources.ts'
import { inSlices } from '../in-slices.ts'
import type { Operations } from '../operation-row.ts'

/** Static and dynamic groups and their members (gateway G75 to G78). */
export const thingGroups: Operations<'iot'> = {
  CreateThingGroup: {
    rule: ({ registry }) => registry.createThingGroup,
    resources: [thingGroup, named('thinggroup', 'parentGroupName')],
    rate: { perSecond: 25 },
  },
  UpdateThingGroup: { rule: ({ registry }) => registry.updateThingGroup, resources: [thingGroup] },
  DeleteThingGroup: {
    rule: inSlices(({ deleteThingGroup }) => deleteThingGroup),
    resources: [thingGroup],
  },
  DescribeThingGroup: {
    rule: ({ registry }) => registry.describeThingGroup,
    resources: [thingGroup],
  },
  ListThingGroups: { rule: inSlices(({ listThingGroups }) => listThingGroups) },
  ListThingsInThingGroup: {
    rule: ({ registry }) => registry.listThingsInThingGroup,
    resources: [thingGroup],
    rate: { perSecond: 25 },
  },
  ListThingGroupsForThing: {
    rule: ({ registry }) => registry.listThingGroupsForThing,
    resources: [thing],
    rate: { perSecond: 100 },
  },
  AddThingToThingGroup: {
    rule: ({ registry }) => registry.addThingToThingGroup,
    resources: [thingGroupOrArn, thingOrArn],
    rate: { perSecond: 100 },
  },
  RemoveThingFromThingGroup: {
    rule: ({ registry }) => registry.removeThingFromThingGroup,
    resources: [thingGroupOrArn, thingOrArn],
  },
  UpdateThingGroupsForThing: {
    rule: ({ registry }) => registry.updateThingGroupsForThing,
    resources: [
      thing,
      named('thinggroup', 'thingGroupsToAdd'),
      named('thinggroup', 'thingGroupsToRemove'),
    ],
  },
  CreateDynamicThingGroup: {
    rule: inSlices(({ createDynamicThingGroup }) => createDynamicThingGroup),
    resources: [thingGroup, named('index', 'indexName')],
  },
  UpdateDynamicThingGroup: {
    rule: inSlices(({ updateDynamicThingGroup }) => updateDynamicThingGroup),
    resources: [thingGroup, named('index', 'indexName')],
  },
  DeleteDynamicThingGroup: {
    rule: inSlices(({ deleteDynamicThingGroup }) => deleteDynamicThingGroup),
    resources: [thingGroup],
  },
}
