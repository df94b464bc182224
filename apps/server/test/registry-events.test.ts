/** Registry events: what a change of the registry says on `$aws/events/…`, and when. */
import { describe, expect, it } from 'vitest'
import type { EventType } from '@aws-sdk/client-iot'
import { openRegistry, type Registry, type RegistryChange } from '@muster/registry'
import { registryEvents } from '../src/registry/registry-events.ts'

const ACCOUNT = { region: 'us-east-1', accountId: '123456789012' }
const NOW_MS = 1_700_000_000_123

type Published = [topic: string, body: Record<string, unknown>]

interface Opened {
  readonly registry: Registry
  /** Takes what was published since the last time: topics and bodies. */
  take(): Published[]
}

function open(...enabled: EventType[]): Opened {
  const published: Published[] = []
  let sink: (change: RegistryChange) => void = () => {}
  let ids = 0
  const newId = (): string => `id-${(ids += 1)}`
  const unused = (): never => {
    throw new Error('no certificates here')
  }
  const registry = openRegistry({
    account: ACCOUNT,
    records: { put: () => {}, delete: () => {}, load: () => [] },
    emit: (change) => sink(change),
    newId,
    certificateIssuer: {
      issueFromCsr: unused,
      issueForKey: unused,
      read: unused,
      isSignedBy: unused,
      subjectAttributes: unused,
      digest: unused,
    },
  })
  sink = registryEvents({
    account: ACCOUNT,
    registry,
    nowMs: () => NOW_MS,
    newId,
    publish: ({ topic, payload, qos }) => {
      expect(qos).toBe(1)
      published.push([topic, JSON.parse(new TextDecoder().decode(payload))])
    },
  })
  const eventConfigurations = Object.fromEntries(enabled.map((type) => [type, { Enabled: true }]))
  expect(registry.updateEventConfigurations({ eventConfigurations }, 0).ok).toBe(true)
  return { registry, take: () => published.splice(0) }
}

const COMMON = {
  eventId: expect.stringMatching(/^id\d+$/),
  timestamp: NOW_MS,
  accountId: '123456789012',
}

describe('registry events', () => {
  it('gateway G120: nothing is published until it is switched on, and nothing after it is off', () => {
    const { registry, take } = open()
    registry.createThing({ thingName: 'T' }, 0)
    expect(take()).toEqual([])
    const set = (Enabled: boolean): unknown =>
      registry.updateEventConfigurations({ eventConfigurations: { THING: { Enabled } } }, 0)
    set(true)
    registry.updateThing({ thingName: 'T' }, 0)
    expect(take()).toHaveLength(1)
    set(false)
    registry.deleteThing({ thingName: 'T' }, 0)
    expect(take()).toEqual([])
  })

  it('gateway G121, G122: things created, updated, deleted', () => {
    const { registry, take } = open('THING')
    registry.createThing({ thingName: 'T', attributePayload: { attributes: { a: '1' } } }, 0)
    registry.updateThing({ thingName: 'T' }, 0)
    registry.deleteThing({ thingName: 'T' }, 0)
    const body = (operation: string, versionNumber: number): object => ({
      ...COMMON,
      eventType: 'THING_EVENT',
      operation,
      thingId: 'id-1',
      thingName: 'T',
      versionNumber,
      thingTypeName: null,
      billinGroupName: null,
      attributes: { a: '1' },
    })
    expect(take()).toEqual([
      ['$aws/events/thing/T/created', body('CREATED', 1)],
      ['$aws/events/thing/T/updated', body('UPDATED', 2)],
      ['$aws/events/thing/T/deleted', body('DELETED', 2)],
    ])
  })

  it('gateway G121, G122, A15: types, and things gaining and losing them', () => {
    const { registry, take } = open('THING_TYPE', 'THING_TYPE_ASSOCIATION')
    const thingTypeProperties = { thingTypeDescription: 'd', searchableAttributes: ['a'] }
    registry.createThingType({ thingTypeName: 'Y', thingTypeProperties }, 0)
    registry.createThing({ thingName: 'T', thingTypeName: 'Y' }, 0)
    registry.updateThing({ thingName: 'T', removeThingType: true }, 0)
    registry.deprecateThingType({ thingTypeName: 'Y' }, 5)
    registry.deleteThingType({ thingTypeName: 'Y' }, 300_005)
    const type = (operation: string, deprecationDate: number | null): object => ({
      ...COMMON,
      eventType: 'THING_TYPE_EVENT',
      operation,
      thingTypeId: 'id-1',
      thingTypeName: 'Y',
      isDeprecated: deprecationDate !== null,
      deprecationDate,
      searchableAttributes: ['a'],
      propagatingAttributes: null,
      description: 'd',
    })
    const { accountId: _account, ...common } = COMMON
    const association = (operation: string): object => ({
      ...common,
      eventType: 'THING_TYPE_ASSOCIATION_EVENT',
      operation,
      thingId: 'id-3',
      thingName: 'T',
      thingTypeName: 'Y',
    })
    const topic = '$aws/events/thingTypeAssociation/thing/T/thingType/Y'
    expect(take()).toEqual([
      ['$aws/events/thingType/Y/created', type('CREATED', null)],
      [`${topic}/added`, association('ADDED')],
      [`${topic}/removed`, association('REMOVED')],
      ['$aws/events/thingType/Y/updated', type('UPDATED', 5)],
      ['$aws/events/thingType/Y/deleted', type('DELETED', 5)],
    ])
  })

  it('gateway G122: a thing’s change and its types’ share an id; empty lists and maps are null', () => {
    const { registry, take } = open('THING', 'THING_TYPE', 'THING_TYPE_ASSOCIATION', 'THING_GROUP')
    const propagatingAttributes = [{ userPropertyKey: 'k', thingAttribute: 'a' }]
    const thingTypeProperties = { mqtt5Configuration: { propagatingAttributes } }
    registry.createThingType({ thingTypeName: 'Y', thingTypeProperties }, 0)
    registry.createThingType({ thingTypeName: 'Z' }, 0)
    registry.createThingGroup({ thingGroupName: 'G' }, 0)
    const [[, typed], [, bare], [, group]] = take() as [Published, Published, Published]
    expect(typed).toMatchObject({ searchableAttributes: null, propagatingAttributes })
    expect(bare).toMatchObject({ propagatingAttributes: null, description: null })
    expect(group).toMatchObject({ attributes: null, rootToParentThingGroups: null })
    registry.createThing({ thingName: 'T', thingTypeName: 'Y' }, 0)
    registry.updateThing({ thingName: 'T', thingTypeName: 'Z' }, 0)
    registry.updateThing({ thingName: 'T' }, 0)
    const events = take()
    expect(events.map(([topic]) => topic.split('/').slice(-2).join('/'))).toEqual([
      'T/created',
      'Y/added',
      'T/updated',
      'Z/added',
      'Y/removed',
      'T/updated',
    ])
    const ids = events.map(([, { eventId }]) => eventId)
    expect(ids[1]).toBe(ids[0])
    expect([ids[3], ids[4]]).toEqual([ids[2], ids[2]])
    expect(new Set(ids).size).toBe(3)
  })

  it('gateway G121, G122: groups and their hierarchy', () => {
    const { registry, take } = open('THING_GROUP', 'THING_GROUP_HIERARCHY')
    registry.createThingGroup({ thingGroupName: 'P' }, 0)
    take()
    registry.createThingGroup({ thingGroupName: 'C', parentGroupName: 'P' }, 0)
    registry.deleteThingGroup({ thingGroupName: 'C' }, 0)
    const group = (operation: string): object => ({
      ...COMMON,
      eventType: 'THING_GROUP_EVENT',
      operation,
      thingGroupId: 'id-3',
      thingGroupName: 'C',
      versionNumber: 1,
      parentGroupName: 'P',
      parentGroupId: 'id-1',
      description: null,
      rootToParentThingGroups: [
        { groupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/P', groupId: 'id-1' },
      ],
      attributes: null,
      dynamicGroupMappingId: null,
    })
    const hierarchy = (operation: string): object => ({
      ...COMMON,
      eventType: 'THING_GROUP_HIERARCHY_EVENT',
      operation,
      thingGroupId: 'id-1',
      thingGroupName: 'P',
      childGroupId: 'id-3',
      childGroupName: 'C',
    })
    const topic = '$aws/events/thingGroupHierarchy/thingGroup/P/childThingGroup/C'
    expect(take()).toEqual([
      ['$aws/events/thingGroup/C/created', group('CREATED')],
      [`${topic}/added`, hierarchy('ADDED')],
      ['$aws/events/thingGroup/C/deleted', group('DELETED')],
      [`${topic}/removed`, hierarchy('REMOVED')],
    ])
  })

  it('gateway G121, G122: memberships, of dynamic groups and of deleted things too', () => {
    const { registry, take } = open('THING_GROUP_MEMBERSHIP')
    const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
    registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0)
    registry.createThing({ thingName: 'T' }, 0)
    registry.createThingGroup({ thingGroupName: 'G' }, 0)
    registry.addThingToThingGroup({ thingName: 'T', thingGroupName: 'G' }, 0)
    registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*' }, 0)
    registry.deleteThing({ thingName: 'T' }, 0)
    const published = take()
    const topics = published.map(([topic, { operation }]) => [topic.split('/').slice(3), operation])
    expect(topics).toEqual([
      [['thingGroup', 'G', 'thing', 'T', 'added'], 'ADDED'],
      [['thingGroup', 'D', 'thing', 'T', 'added'], 'ADDED'],
      [['thingGroup', 'G', 'thing', 'T', 'removed'], 'REMOVED'],
      [['thingGroup', 'D', 'thing', 'T', 'removed'], 'REMOVED'],
    ])
    expect(published[0]).toEqual([
      '$aws/events/thingGroupMembership/thingGroup/G/thing/T/added',
      {
        ...COMMON,
        eventType: 'THING_GROUP_MEMBERSHIP_EVENT',
        operation: 'ADDED',
        groupArn: 'arn:aws:iot:us-east-1:123456789012:thinggroup/G',
        groupId: 'id-2',
        thingArn: 'arn:aws:iot:us-east-1:123456789012:thing/T',
        thingId: 'id-1',
        membershipId: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      },
    ])
    expect(published[2]?.[1]['membershipId']).toBe(published[0]?.[1]['membershipId'])
    expect(published[1]?.[1]['membershipId']).not.toBe(published[0]?.[1]['membershipId'])
  })
})
