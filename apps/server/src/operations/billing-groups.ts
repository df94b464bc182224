import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Operations on billing groups (gateway G81). */
export function billingGroupOperations(registry: Registry): OperationHandlers {
  return {
    CreateBillingGroup: handle(registry.createBillingGroup),
    UpdateBillingGroup: handle(registry.updateBillingGroup),
    DeleteBillingGroup: handle(registry.deleteBillingGroup),
    DescribeBillingGroup: handle(registry.describeBillingGroup),
    ListBillingGroups: handle(registry.listBillingGroups),
    ListThingsInBillingGroup: handle(registry.listThingsInBillingGroup),
    AddThingToBillingGroup: handle(registry.addThingToBillingGroup),
    RemoveThingFromBillingGroup: handle(registry.removeThingFromBillingGroup),
  }
}
