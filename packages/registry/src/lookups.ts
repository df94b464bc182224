/**
 * What other parts of the server ask the registry, without going through an operation.
 */
import type { EventType } from '@aws-sdk/client-iot'
import { iotArn, type Account } from '@muster/model'
import type { CaCertificateRecord, CertificateRecord } from './certificate/certificate-record.ts'
import { defaultDocument } from './policy/policies.ts'
import type { ThingOfPrincipal } from './principal/principal-state.ts'
import { claimPolicyDocument, claimPolicyName } from './provisioning/provisioning-claim.ts'
import type { ThingGroupRecord, ThingRecord } from './state/records.ts'
import type { RegistryState } from './state/registry-state.ts'
import {
  propagatedProperties,
  type PropagatedProperties,
} from './thing-type/propagated-properties.ts'

/** Questions about the registry's state; all answer at once from memory. */
export interface RegistryLookups {
  thing(thingName: string): ThingRecord | undefined
  /** gateway G132: what the thing's type adds to messages of a connection that is this thing's. */
  propagatedProperties(thingName: string, clientId: string): PropagatedProperties | undefined
  thingGroup(thingGroupName: string): ThingGroupRecord | undefined
  /** The group with this id; all groups are looked through. */
  thingGroupOfId(thingGroupId: string): ThingGroupRecord | undefined
  /** Groups above this one, nearest first. */
  ancestorsOfGroup(thingGroupName: string): readonly string[]
  thingArn(thingName: string): string
  groupArn(thingGroupName: string): string
  /** Things that a principal (ARN) is attached to, by name. */
  thingsOfPrincipal(principal: string): readonly ThingOfPrincipal[]
  /** Names of the policies attached to a certificate ARN, group ARN or Cognito identity itself. */
  policiesOfTarget(target: string): readonly string[]
  /** Document of the default version; undefined for an absent policy. */
  defaultPolicyDocument(policyName: string): string | undefined
  /** Static groups of the thing and all their ancestors, root included, each once (authz E2). */
  staticGroupsOfThing(thingName: string): readonly string[]
  /** As {@link RegistryLookups.staticGroupsOfThing}, and the dynamic groups that hold the thing. */
  groupsOfThing(thingName: string): readonly string[]
  /** Direct and inherited members, by group, each thing once (gateway G77); dynamic groups too. */
  thingsInGroup(thingGroupName: string): Iterable<string>
  /** Whether the thing is a member of the group or of one below it. */
  isThingInGroup(thingName: string, thingGroupName: string): boolean
  /** @param certificateId - 64 lowercase hex characters */
  certificate(certificateId: string): CertificateRecord | undefined
  /** @param certificateId - 64 lowercase hex characters */
  caCertificate(certificateId: string): CaCertificateRecord | undefined
  /** Tags of any resource, by key. */
  tagsOf(resourceArn: string): Readonly<Record<string, string>>
  /** Whether events of this type are published; off until switched on (gateway G120). */
  isEventEnabled(eventType: EventType): boolean
  /** Whether the index configuration lets connectivity data tell addresses (gateway G80). */
  tellsSockets(): boolean
}

const NO_TAGS: Readonly<Record<string, string>> = {}

/** Binds the lookups to a state. */
export function registryLookups(state: RegistryState): RegistryLookups {
  const account: Account = state.ports.account
  const staticGroupsOfThing = (thingName: string): readonly string[] => {
    const direct = state.thingGroups.staticGroups(thingName)
    if (direct.length === 0) return direct
    // Two groups of one thing are never of the same tree (gateway G76), so no name comes twice.
    return direct.flatMap((name) => [name, ...state.thingGroups.ancestors(name)])
  }
  const groupsOfThing = (thingName: string): readonly string[] => [
    ...staticGroupsOfThing(thingName),
    ...state.thingGroups.dynamicGroups(thingName),
  ]
  return {
    thing: (thingName) => state.things.byName.get(thingName),
    propagatedProperties: (thingName, clientId) => propagatedProperties(state, thingName, clientId),
    thingGroup: (thingGroupName) => state.thingGroups.byName.get(thingGroupName),
    thingGroupOfId: (thingGroupId) => {
      for (const group of state.thingGroups.byName.values()) {
        if (group.thingGroupId === thingGroupId) return group
      }
      return undefined
    },
    ancestorsOfGroup: (thingGroupName) => state.thingGroups.ancestors(thingGroupName),
    thingArn: (thingName) => iotArn(account, 'thing', thingName),
    groupArn: (thingGroupName) => iotArn(account, 'thinggroup', thingGroupName),
    thingsOfPrincipal: (principal) => state.principals.things(principal),
    policiesOfTarget: (target) => {
      const claimPolicy = claimPolicyName(state, target)
      return claimPolicy === undefined ? state.policies.policies(target) : [claimPolicy]
    },
    defaultPolicyDocument: (policyName) =>
      defaultDocument(state.policies.byName.get(policyName)) ??
      claimPolicyDocument(account, policyName),
    staticGroupsOfThing,
    groupsOfThing,
    thingsInGroup: (thingGroupName) => thingsInGroup(state, thingGroupName),
    isThingInGroup: (thingName, thingGroupName) =>
      groupsOfThing(thingName).includes(thingGroupName),
    certificate: (certificateId) => state.certificates.certificates.get(certificateId),
    caCertificate: (certificateId) => state.certificates.caCertificates.get(certificateId),
    tagsOf: (resourceArn) => state.tags.byArn.get(resourceArn) ?? NO_TAGS,
    isEventEnabled: (eventType) => state.settings.eventConfigurations?.enabled[eventType] === true,
    tellsSockets: () =>
      state.settings.indexing?.thing.filter?.connectivity?.includeSocketInformation?.includes(
        'GET_THING_CONNECTIVITY_DATA',
      ) === true,
  }
}

function* thingsInGroup(state: RegistryState, thingGroupName: string): Generator<string> {
  for (const name of state.thingGroups.withDescendants(thingGroupName)) {
    yield* state.thingGroups.members.get(name)
  }
}
