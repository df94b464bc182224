import type { Account } from '@muster/model'
import type { PermissionKeys } from '../../authorization/operator-permissions.ts'
import { arns, thing } from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'

/** Principals of things (gateway G70, authz J12). */
export const principals: Operations<'iot'> = {
  AttachThingPrincipal: {
    rule: ({ registry }) => registry.attachThingPrincipal,
    resources: [arns('principal')],
    keys: thingKey,
    rate: { perSecond: 100 },
  },
  DetachThingPrincipal: {
    rule: ({ registry }) => registry.detachThingPrincipal,
    resources: [arns('principal')],
    keys: thingKey,
    rate: { perSecond: 100 },
  },
  ListThingPrincipals: { rule: ({ registry }) => registry.listThingPrincipals, resources: [thing] },
  ListThingPrincipalsV2: {
    rule: ({ registry }) => registry.listThingPrincipalsV2,
    resources: [thing],
  },
  ListPrincipalThings: {
    rule: ({ registry }) => registry.listPrincipalThings,
    resources: [arns('principal')],
  },
  ListPrincipalThingsV2: {
    rule: ({ registry }) => registry.listPrincipalThingsV2,
    resources: [arns('principal')],
  },
}

/** authz J13. */
function thingKey(
  account: Account,
  input: { readonly thingName?: string | undefined },
): PermissionKeys {
  return { 'iot:thingArn': thing(account, input)[0] ?? '' }
}
