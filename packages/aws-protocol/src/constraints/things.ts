/** Things, types, billing groups and tags: constraints of the control plane's input structures. */
import type { ServiceConstraints } from '../constraint.ts'
import { whole } from './build.ts'
import * as shapes from './shapes.ts'

export const things: ServiceConstraints<'iot'> = {
  CreateThingRequest: {
    thingName: shapes.thingName,
    thingTypeName: shapes.thingTypeName,
    billingGroupName: shapes.billingGroupName,
  },
  UpdateThingRequest: {
    thingName: shapes.thingName,
    thingTypeName: shapes.thingTypeName,
    expectedVersion: whole(),
  },
  DescribeThingRequest: {
    thingName: shapes.thingName,
  },
  DeleteThingRequest: {
    thingName: shapes.thingName,
    expectedVersion: whole(),
  },
  ListThingsRequest: {
    maxResults: shapes.registryMaxResults,
    attributeName: shapes.attributeName,
    attributeValue: shapes.attributeValue,
    thingTypeName: shapes.thingTypeName,
  },
  CreateThingTypeRequest: {
    thingTypeName: shapes.thingTypeName,
  },
  UpdateThingTypeRequest: {
    thingTypeName: shapes.thingTypeName,
  },
  DescribeThingTypeRequest: {
    thingTypeName: shapes.thingTypeName,
  },
  DeleteThingTypeRequest: {
    thingTypeName: shapes.thingTypeName,
  },
  DeprecateThingTypeRequest: {
    thingTypeName: shapes.thingTypeName,
  },
  ListThingTypesRequest: {
    maxResults: shapes.registryMaxResults,
    thingTypeName: shapes.thingTypeName,
  },
  AttachThingPrincipalRequest: {
    thingName: shapes.thingName,
    thingPrincipalType: shapes.thingPrincipalType,
  },
  DetachThingPrincipalRequest: {
    thingName: shapes.thingName,
  },
  ListThingPrincipalsRequest: {
    maxResults: shapes.registryMaxResults,
    thingName: shapes.thingName,
  },
  ListThingPrincipalsV2Request: {
    maxResults: shapes.registryMaxResults,
    thingName: shapes.thingName,
    thingPrincipalType: shapes.thingPrincipalType,
  },
  ListPrincipalThingsRequest: {
    maxResults: shapes.registryMaxResults,
  },
  ListPrincipalThingsV2Request: {
    maxResults: shapes.registryMaxResults,
    thingPrincipalType: shapes.thingPrincipalType,
  },
  CreateBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
  },
  UpdateBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
    expectedVersion: whole(),
  },
  DescribeBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
  },
  DeleteBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
    expectedVersion: whole(),
  },
  ListBillingGroupsRequest: {
    maxResults: shapes.registryMaxResults,
    namePrefixFilter: shapes.billingGroupName,
  },
  AddThingToBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
    thingName: shapes.thingName,
  },
  RemoveThingFromBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
    thingName: shapes.thingName,
  },
  ListThingsInBillingGroupRequest: {
    billingGroupName: shapes.billingGroupName,
    maxResults: shapes.registryMaxResults,
  },
  UntagResourceRequest: {
    tagKeys: shapes.tagKeyList,
  },
  AttributePayload: {
    attributes: shapes.attributes,
  },
  ThingTypeProperties: {
    thingTypeDescription: shapes.thingTypeDescription,
    searchableAttributes: shapes.searchableAttributes,
  },
  BillingGroupProperties: {
    billingGroupDescription: shapes.billingGroupDescription,
  },
  Tag: {
    Key: shapes.tagKey,
    Value: shapes.tagValue,
  },
  PropagatingAttribute: {
    userPropertyKey: shapes.userPropertyKeyName,
    thingAttribute: shapes.attributeName,
    connectionAttribute: shapes.connectionAttributeName,
  },
}
