import {
  named,
  thing,
  thingGroup,
  thingGroupOrArn,
  thingOrArn,
} from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'

/** Static and dynamic groups and their members (gateway G75 to G78). */
export const thingGroups: Operations<'iot'> = {
  CreateThingGroup: {
    rule: ({ registry }) => registry.createThingGroup,
    resources: [thingGroup, named('thinggroup', 'parentGroupName')],
    rate: { perSecond: 25 },
  },
  UpdateThingGroup: { rule: ({ registry }) => registry.updateThingGroup, resources: [thingGroup] },
  DeleteThingGroup: { rule: ({ registry }) => registry.deleteThingGroup, resources: [thingGroup] },
  DescribeThingGroup: {
    rule: ({ registry }) => registry.describeThingGroup,
    resources: [thingGroup],
  },
  ListThingGroups: { rule: ({ registry }) => registry.listThingGroups },
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
    rule: ({ registry }) => registry.createDynamicThingGroup,
    resources: [thingGroup, named('index', 'indexName')],
  },
  UpdateDynamicThingGroup: {
    rule: ({ registry }) => registry.updateDynamicThingGroup,
    resources: [thingGroup, named('index', 'indexName')],
  },
  DeleteDynamicThingGroup: {
    rule: ({ registry }) => registry.deleteDynamicThingGroup,
    resources: [thingGroup],
  },
}
