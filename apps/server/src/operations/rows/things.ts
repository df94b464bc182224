import { billingGroup, thing, thingType } from '../../authorization/operator-resources.ts'
import { inSlices } from '../in-slices.ts'
import type { Operations } from '../operation-row.ts'

/** Things and their types (gateway G67 to G74). */
export const things: Operations<'iot'> = {
  CreateThing: {
    rule: ({ registry }) => registry.createThing,
    resources: [thing, billingGroup],
    rate: { perSecond: 100 },
  },
  UpdateThing: {
    rule: ({ registry }) => registry.updateThing,
    resources: [thing],
    rate: { perSecond: 100 },
  },
  DeleteThing: {
    rule: ({ registry }) => registry.deleteThing,
    resources: [thing],
    rate: { perSecond: 100 },
  },
  DescribeThing: {
    rule: ({ registry }) => registry.describeThing,
    resources: [thing],
    rate: { perSecond: 350 },
  },
  ListThings: { rule: inSlices(({ listThings }) => listThings), rate: { perSecond: 10 } },
  CreateThingType: { rule: ({ registry }) => registry.createThingType, resources: [thingType] },
  UpdateThingType: { rule: ({ registry }) => registry.updateThingType, resources: [thingType] },
  DeprecateThingType: {
    rule: ({ registry }) => registry.deprecateThingType,
    resources: [thingType],
  },
  DeleteThingType: { rule: ({ registry }) => registry.deleteThingType, resources: [thingType] },
  DescribeThingType: { rule: ({ registry }) => registry.describeThingType, resources: [thingType] },
  ListThingTypes: { rule: ({ registry }) => registry.listThingTypes },
}
