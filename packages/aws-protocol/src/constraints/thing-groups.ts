/** Thing groups: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import { whole } from './build.ts'
import * as shapes from './shapes.ts'

export const thingGroups: ServiceConstraints<'iot'> = {
  CreateThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    parentGroupName: shapes.thingGroupName,
  },
  UpdateThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    expectedVersion: whole(),
  },
  DescribeThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
  },
  DeleteThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    expectedVersion: whole(),
  },
  ListThingGroupsRequest: {
    maxResults: shapes.registryMaxResults,
    parentGroup: shapes.thingGroupName,
    namePrefixFilter: shapes.thingGroupName,
  },
  AddThingToThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    thingName: shapes.thingName,
  },
  RemoveThingFromThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    thingName: shapes.thingName,
  },
  ListThingGroupsForThingRequest: {
    thingName: shapes.thingName,
    maxResults: shapes.registryMaxResults,
  },
  ListThingsInThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    maxResults: shapes.registryMaxResults,
  },
  UpdateThingGroupsForThingRequest: {
    thingName: shapes.thingName,
    thingGroupsToAdd: shapes.thingGroupList,
    thingGroupsToRemove: shapes.thingGroupList,
  },
  CreateDynamicThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    indexName: shapes.indexName,
    queryString: shapes.queryString,
  },
  UpdateDynamicThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    expectedVersion: whole(),
    indexName: shapes.indexName,
    queryString: shapes.queryString,
  },
  DeleteDynamicThingGroupRequest: {
    thingGroupName: shapes.thingGroupName,
    expectedVersion: whole(),
  },
  ThingGroupProperties: {
    thingGroupDescription: shapes.thingGroupDescription,
  },
}
