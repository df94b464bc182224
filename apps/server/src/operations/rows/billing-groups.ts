import {
  billingGroup,
  billingGroupOrArn,
  thingOrArn,
} from '../../authorization/operator-resources.ts'
import { inSlices } from '../in-slices.ts'
import type { Operations } from '../operation-row.ts'

/** Billing groups (gateway G81). */
export const billingGroups: Operations<'iot'> = {
  CreateBillingGroup: {
    rule: ({ registry }) => registry.createBillingGroup,
    resources: [billingGroup],
  },
  UpdateBillingGroup: {
    rule: ({ registry }) => registry.updateBillingGroup,
    resources: [billingGroup],
  },
  DeleteBillingGroup: {
    rule: inSlices(({ deleteBillingGroup }) => deleteBillingGroup),
    resources: [billingGroup],
  },
  DescribeBillingGroup: {
    rule: ({ registry }) => registry.describeBillingGroup,
    resources: [billingGroup],
  },
  ListBillingGroups: { rule: ({ registry }) => registry.listBillingGroups },
  ListThingsInBillingGroup: {
    rule: ({ registry }) => registry.listThingsInBillingGroup,
    resources: [billingGroup],
  },
  AddThingToBillingGroup: {
    rule: ({ registry }) => registry.addThingToBillingGroup,
    resources: [thingOrArn, billingGroupOrArn],
  },
  RemoveThingFromBillingGroup: {
    rule: ({ registry }) => registry.removeThingFromBillingGroup,
    resources: [thingOrArn, billingGroupOrArn],
  },
}
