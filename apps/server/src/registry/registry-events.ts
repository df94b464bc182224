/**
 * Tells of the registry's changes on `$aws/events/…` (gateway G120 to G122, A15).
 */
import { createHash } from 'node:crypto'
import type { EventType } from '@aws-sdk/client-iot'
import { iotArn, type Account } from '@muster/model'
import type {
  Registry,
  RegistryChange,
  ThingGroupRecord,
  ThingRecord,
  ThingTypeRecord,
} from '@muster/registry'

/** What the bridge stands between. */
export interface RegistryEventPorts {
  readonly account: Account
  readonly registry: Pick<Registry, 'thing' | 'thingGroup' | 'isEventEnabled'>
  /** Clock time, epoch milliseconds. */
  readonly nowMs: () => number
  /** A fresh UUID. */
  readonly newId: () => string
  /** Publishes as the service does; the broker sends after the turn's commit. */
  readonly publish: (message: {
    readonly topic: string
    readonly payload: Uint8Array
    readonly qos: 0 | 1
  }) => void
}

/** One event before it gets its id, time and account. */
interface RegistryEvent {
  readonly enabledBy: EventType
  /** Under `$aws/events/`. */
  readonly topic: string
  readonly eventType: string
  readonly operation: string
  /** Whether the body names the account; AWS leaves it out of some. */
  readonly withAccount?: false
  readonly members: Readonly<Record<string, unknown>>
}

/** A sink for the registry's changes that publishes the events that are switched on. */
export function registryEvents(ports: RegistryEventPorts): (change: RegistryChange) => void {
  const encoder = new TextEncoder()
  return (change) => {
    let id: string | undefined
    for (const event of eventsOf(ports, change)) {
      if (!ports.registry.isEventEnabled(event.enabledBy)) continue
      // Of a thing and its types, all events of one change have one id.
      id = change.kind === 'thing' && id !== undefined ? id : eventId(ports)
      const body = {
        eventType: event.eventType,
        eventId: id,
        timestamp: ports.nowMs(),
        operation: event.operation,
        ...(event.withAccount === false ? {} : { accountId: ports.account.accountId }),
        ...event.members,
      }
      ports.publish({
        topic: `$aws/events/${event.topic}`,
        payload: encoder.encode(JSON.stringify(body)),
        qos: 1,
      })
    }
  }
}

/** 32 hex digits: AWS leaves out the dashes here. */
function eventId({ newId }: RegistryEventPorts): string {
  return newId().replaceAll('-', '')
}

/** AWS writes an empty list or map of these events as `null`. */
function orNull<Members extends readonly unknown[] | Readonly<Record<string, unknown>>>(
  members: Members | undefined,
): Members | null {
  return members === undefined || Object.keys(members).length === 0 ? null : members
}

function eventsOf(ports: RegistryEventPorts, change: RegistryChange): RegistryEvent[] {
  switch (change.kind) {
    case 'thing':
      return [thingEvent(change), ...typeAssociationEvents(change)]
    case 'thingType':
      return [thingTypeEvent(change)]
    case 'thingGroup':
      return [thingGroupEvent(ports, change), ...hierarchyEvents(ports, change)]
    case 'thingGroupMembership':
      return membershipEvents(ports, change)
    default:
      return []
  }
}

type ChangeOf<Kind extends RegistryChange['kind']> = Extract<
  RegistryChange,
  { readonly kind: Kind }
>

/** What happened, as the body and as the topic say it. */
function operationOf(change: { readonly before?: object; readonly after?: object }): {
  readonly operation: string
  readonly level: string
} {
  if (change.before === undefined) return { operation: 'CREATED', level: 'created' }
  if (change.after === undefined) return { operation: 'DELETED', level: 'deleted' }
  return { operation: 'UPDATED', level: 'updated' }
}

function thingEvent(change: ChangeOf<'thing'>): RegistryEvent {
  const { operation, level } = operationOf(change)
  const thing = (change.after ?? change.before) as ThingRecord
  return {
    enabledBy: 'THING',
    topic: `thing/${thing.thingName}/${level}`,
    eventType: 'THING_EVENT',
    operation,
    members: {
      thingId: thing.thingId,
      thingName: thing.thingName,
      versionNumber: thing.version,
      thingTypeName: thing.thingTypeName ?? null,
      // AWS's own spelling.
      billinGroupName: thing.billingGroupName ?? null,
      attributes: thing.attributes,
    },
  }
}

function typeAssociationEvents({ before, after }: ChangeOf<'thing'>): RegistryEvent[] {
  if (before?.thingTypeName === after?.thingTypeName) return []
  const events: RegistryEvent[] = []
  if (after?.thingTypeName !== undefined) events.push(typeAssociationEvent(after, 'ADDED'))
  if (before?.thingTypeName !== undefined) events.push(typeAssociationEvent(before, 'REMOVED'))
  return events
}

function typeAssociationEvent(thing: ThingRecord, operation: 'ADDED' | 'REMOVED'): RegistryEvent {
  const { thingId, thingName, thingTypeName = '' } = thing
  return {
    enabledBy: 'THING_TYPE_ASSOCIATION',
    topic: `thingTypeAssociation/thing/${thingName}/thingType/${thingTypeName}/${operation.toLowerCase()}`,
    eventType: 'THING_TYPE_ASSOCIATION_EVENT',
    operation,
    withAccount: false,
    members: { thingId, thingName, thingTypeName },
  }
}

function thingTypeEvent(change: ChangeOf<'thingType'>): RegistryEvent {
  const { operation, level } = operationOf(change)
  const type = (change.after ?? change.before) as ThingTypeRecord
  return {
    enabledBy: 'THING_TYPE',
    topic: `thingType/${type.thingTypeName}/${level}`,
    eventType: 'THING_TYPE_EVENT',
    operation,
    members: {
      thingTypeId: type.thingTypeId,
      thingTypeName: type.thingTypeName,
      isDeprecated: type.deprecatedAtMs !== undefined,
      deprecationDate: type.deprecatedAtMs ?? null,
      searchableAttributes: orNull(type.searchableAttributes),
      propagatingAttributes: orNull(type.mqtt5PropagatingAttributes),
      description: type.description ?? null,
    },
  }
}

function thingGroupEvent(
  { account, registry }: RegistryEventPorts,
  change: ChangeOf<'thingGroup'>,
): RegistryEvent {
  const { operation, level } = operationOf(change)
  const group = (change.after ?? change.before) as ThingGroupRecord
  const ancestors: ThingGroupRecord[] = []
  let parentName = group.parentGroupName
  while (parentName !== undefined) {
    const parent = registry.thingGroup(parentName)
    if (parent === undefined) break
    ancestors.unshift(parent)
    parentName = parent.parentGroupName
  }
  return {
    enabledBy: 'THING_GROUP',
    topic: `thingGroup/${group.thingGroupName}/${level}`,
    eventType: 'THING_GROUP_EVENT',
    operation,
    members: {
      thingGroupId: group.thingGroupId,
      thingGroupName: group.thingGroupName,
      versionNumber: group.version,
      parentGroupName: group.parentGroupName ?? null,
      parentGroupId: ancestors.at(-1)?.thingGroupId ?? null,
      description: group.description ?? null,
      rootToParentThingGroups: orNull(
        ancestors.map((ancestor) => ({
          groupArn: iotArn(account, 'thinggroup', ancestor.thingGroupName),
          groupId: ancestor.thingGroupId,
        })),
      ),
      attributes: orNull(group.attributes),
      dynamicGroupMappingId: group.dynamic === undefined ? null : group.thingGroupId,
    },
  }
}

/** A group's parent is given at its creation, and parted from at its deletion (gateway G75). */
function hierarchyEvents(
  { registry }: RegistryEventPorts,
  { before, after }: ChangeOf<'thingGroup'>,
): RegistryEvent[] {
  if (before !== undefined && after !== undefined) return []
  const child = (after ?? before) as ThingGroupRecord
  if (child.parentGroupName === undefined) return []
  const parent = registry.thingGroup(child.parentGroupName)
  if (parent === undefined) return []
  const operation = after === undefined ? 'REMOVED' : 'ADDED'
  const names = `thingGroup/${parent.thingGroupName}/childThingGroup/${child.thingGroupName}`
  return [
    {
      enabledBy: 'THING_GROUP_HIERARCHY',
      topic: `thingGroupHierarchy/${names}/${operation.toLowerCase()}`,
      eventType: 'THING_GROUP_HIERARCHY_EVENT',
      operation,
      members: {
        thingGroupId: parent.thingGroupId,
        thingGroupName: parent.thingGroupName,
        childGroupId: child.thingGroupId,
        childGroupName: child.thingGroupName,
      },
    },
  ]
}

function membershipEvents(
  { account, registry }: RegistryEventPorts,
  { thingGroupName, thingName, added }: ChangeOf<'thingGroupMembership'>,
): RegistryEvent[] {
  const group = registry.thingGroup(thingGroupName)
  const thing = registry.thing(thingName)
  if (group === undefined || thing === undefined) return []
  const operation = added ? 'ADDED' : 'REMOVED'
  const names = `thingGroup/${thingGroupName}/thing/${thingName}`
  return [
    {
      enabledBy: 'THING_GROUP_MEMBERSHIP',
      topic: `thingGroupMembership/${names}/${operation.toLowerCase()}`,
      eventType: 'THING_GROUP_MEMBERSHIP_EVENT',
      operation,
      members: {
        groupArn: iotArn(account, 'thinggroup', thingGroupName),
        groupId: group.thingGroupId,
        thingArn: iotArn(account, 'thing', thingName),
        thingId: thing.thingId,
        membershipId: membershipId(group.thingGroupId, thing.thingId),
      },
    },
  ]
}

/** The same for a membership's beginning and its end, and for no other. */
function membershipId(thingGroupId: string, thingId: string): string {
  const hex = createHash('sha256').update(`${thingGroupId}/${thingId}`).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...parts, hex.slice(20, 32)].join('-')
}
