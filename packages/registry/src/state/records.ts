/**
 * What the registry remembers of each resource, in the form it is kept and persisted.
 */

/** A thing (gateway G68, G69). */
export interface ThingRecord {
  readonly thingName: string
  /** UUID. */
  readonly thingId: string
  readonly thingTypeName?: string
  readonly attributes: Readonly<Record<string, string>>
  /** Starts at 1, one more per update. */
  readonly version: number
  readonly billingGroupName?: string
}

/** A thing type (gateway G74). */
export interface ThingTypeRecord {
  readonly thingTypeName: string
  readonly thingTypeId: string
  readonly description?: string
  readonly searchableAttributes: readonly string[]
  readonly mqtt5PropagatingAttributes?: readonly PropagatingAttributeRecord[]
  readonly createdAtMs: number
  /** Absent while not deprecated. */
  readonly deprecatedAtMs?: number
}

/** One MQTT 5 user property that a thing type adds to its things' messages. */
export interface PropagatingAttributeRecord {
  readonly userPropertyKey?: string
  readonly thingAttribute?: string
  readonly connectionAttribute?: string
}

/** A static or a dynamic thing group (gateway G75, G78). */
export interface ThingGroupRecord {
  readonly thingGroupName: string
  /** UUID. */
  readonly thingGroupId: string
  readonly parentGroupName?: string
  readonly description?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly version: number
  readonly createdAtMs: number
  /** Present on dynamic groups alone. */
  readonly dynamic?: {
    readonly queryString: string
    readonly indexName: string
    readonly queryVersion: string
  }
}

/** How far a dynamic group's members have been found (gateway G78); none once they all are. */
export interface DynamicGroupBuildRecord {
  readonly status: 'BUILDING' | 'REBUILDING'
  /** Members are judged first, then whatever of the fleet the query can find. */
  readonly phase: 'members' | 'fleet'
  /** The last key judged in this phase. */
  readonly after?: string
}

/** One version of a policy (authz C1 to C5). */
export interface PolicyVersionRecord {
  /** Decimal, `1` first; never used again. */
  readonly versionId: string
  readonly document: string
  readonly createdAtMs: number
}

/** A policy with its versions, oldest first. */
export interface PolicyRecord {
  readonly policyName: string
  readonly createdAtMs: number
  readonly modifiedAtMs: number
  readonly generationId: string
  readonly defaultVersionId: string
  /** Number that the next version gets. */
  readonly nextVersion: number
  readonly versions: readonly PolicyVersionRecord[]
}

/** A billing group (gateway G81). */
export interface BillingGroupRecord {
  readonly billingGroupName: string
  readonly billingGroupId: string
  readonly description?: string
  readonly version: number
  readonly createdAtMs: number
}
