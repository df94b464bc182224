/** The devices of a registry, in place of imagined ones: by AWS's own operations, of any endpoint. */
import {
  DescribeThingCommand,
  IoTClient,
  paginateListThingGroups,
  paginateListThings,
  paginateListThingsInThingGroup,
} from '@aws-sdk/client-iot'
import {
  drawGroups,
  listedNames,
  type DevicesWhere,
  type Fleet,
  type KnownDevices,
  type ThingNames,
} from '@muster/rehearse'
import type { LiveEndpoint } from '../flags/live-endpoint.ts'
import { clientSettings } from '../policy/live-policies.ts'

/** Things, and which of the fleet's groups each is in. */
export interface LiveDevices {
  readonly names: ThingNames
  readonly known: KnownDevices
}

/** How a registry is taken where no fleet file says how its devices behave. */
export const PLAIN_FLEET: Fleet = {
  name: 'registry',
  devices: 1,
  groups: [{ name: 'all' }],
}

const PAGE = 250

/**
 * Reads the things that a job's targets reach, or all there are where it names none. A thing that is in a thing
 * group with the name of one of the fleet's groups is a device of that; the others are dealt out among the
 * groups that the registry does not know.
 *
 * @throws Error when a target is not the ARN of a thing or group, or nothing is found
 */
export async function liveDevices(
  where: LiveEndpoint,
  targets: readonly string[] | undefined,
  fleet: Fleet,
): Promise<LiveDevices> {
  const client = new IoTClient(clientSettings(where))
  try {
    const attributes = new Map<string, Readonly<Record<string, string>>>()
    for await (const { things = [] } of paginateListThings({ client, pageSize: PAGE }, {})) {
      for (const thing of things) attributes.set(thing.thingName ?? '', thing.attributes ?? {})
    }
    const wanted = targets === undefined ? [...attributes.keys()] : await targeted(client, targets)
    const names = listedNames(wanted)
    if (names.count === 0) throw new Error('--live: no thing is there for this job')
    const members = await membersOfGroups(client, fleet)
    return { names, known: knownDevices(names, fleet, members, attributes) }
  } finally {
    client.destroy()
  }
}

async function targeted(client: IoTClient, targets: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (const target of targets) {
    const [, kind, name = ''] = /:(thing|thinggroup)\/([^/]+)$/.exec(target) ?? []
    if (kind === undefined) {
      throw new Error(`--live: target \`${target}\` is not the ARN of a thing or thing group`)
    }
    if (kind === 'thing') {
      await client.send(new DescribeThingCommand({ thingName: name }))
      found.add(name)
    } else {
      for (const thingName of await thingsInGroup(client, name)) found.add(thingName)
    }
  }
  return found
}

async function thingsInGroup(client: IoTClient, thingGroupName: string): Promise<Set<string>> {
  const found = new Set<string>()
  const input = { thingGroupName, recursive: true }
  for await (const { things = [] } of paginateListThingsInThingGroup(
    { client, pageSize: PAGE },
    input,
  )) {
    for (const thingName of things) found.add(thingName)
  }
  return found
}

/** Members of the thing groups that are named as the fleet's groups are, by name. */
async function membersOfGroups(
  client: IoTClient,
  { groups }: Fleet,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const there = new Set<string>()
  for await (const { thingGroups = [] } of paginateListThingGroups(
    { client, pageSize: PAGE },
    {},
  )) {
    for (const { groupName = '' } of thingGroups) there.add(groupName)
  }
  const members = new Map<string, ReadonlySet<string>>()
  for (const { name } of groups) {
    if (there.has(name)) members.set(name, await thingsInGroup(client, name))
  }
  return members
}

function knownDevices(
  names: ThingNames,
  fleet: Fleet,
  members: ReadonlyMap<string, ReadonlySet<string>>,
  attributes: ReadonlyMap<string, Readonly<Record<string, string>>>,
): KnownDevices {
  // A group of the registry's has the members that it has.
  const left = fleet.groups.map((group) =>
    members.has(group.name) ? { ...group, share: 0 } : group,
  )
  const isAnyLeft = left.some(({ share = 1 }) => share > 0)
  const groups = isAnyLeft ? drawGroups(left, names.count, 0) : new Uint8Array(names.count)
  for (let place = 0; place < names.count; place += 1) {
    const name = names.nameOf(place)
    const group = fleet.groups.findIndex((one) => members.get(one.name)?.has(name))
    if (group >= 0) groups[place] = group
  }
  const matches = (device: number, { attributes: values = {}, group }: DevicesWhere): boolean => {
    if (group !== undefined && fleet.groups[groups[device] ?? 0]?.name !== group) return false
    const own = attributes.get(names.nameOf(device)) ?? {}
    return Object.entries(values).every(([name, value]) => own[name] === value)
  }
  return { groups, matches }
}
