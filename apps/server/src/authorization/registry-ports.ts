/**
 * What authorization asks of the registry, and the changes that make it ask again.
 */

/** Lookups that a device's evaluator is built from. */
export interface AuthorizationRegistry {
  certificate(certificateId: string): { readonly certificatePem: string } | undefined
  thing(thingName: string):
    | {
        readonly thingName: string
        readonly thingTypeName?: string
        readonly attributes: Readonly<Record<string, string>>
      }
    | undefined
  thingsOfPrincipal(
    principalArn: string,
  ): readonly { readonly thingName: string; readonly exclusive: boolean }[]
  policiesOfTarget(targetArn: string): readonly string[]
  defaultPolicyDocument(policyName: string): string | undefined
  /** With all ancestors up to the root (authz E2). */
  staticGroupsOfThing(thingName: string): readonly string[]
  groupArn(thingGroupName: string): string
}

/** The registry's changes that decisions can depend on; others are ignored. */
export type AuthorizationChange =
  | {
      readonly kind: 'policy'
      readonly policyName: string
      readonly documentBefore: string | undefined
    }
  | {
      readonly kind: 'policyAttachment'
      readonly policyName: string
      readonly target: string
      readonly attached: boolean
    }
  | { readonly kind: 'thing'; readonly thingName: string }
  | { readonly kind: 'thingPrincipal'; readonly principal: string }
  | { readonly kind: 'thingGroupMembership'; readonly thingName: string }
  | { readonly kind: 'thingGroup'; readonly thingGroupName: string }
  | { readonly kind: 'thingType' | 'certificate' | 'caCertificate' }
