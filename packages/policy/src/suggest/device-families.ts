/**
 * Kinds of device in a fleet: those that use the same rights share a policy.
 */
import type { UsedRight } from './fleet-templates.ts'
import type { ObservedDevice } from './recording.ts'
import { written } from './resource-template.ts'

/** Devices that share a policy. */
export interface DeviceFamily {
  readonly devices: readonly ObservedDevice[]
  readonly rights: readonly UsedRight[]
}

/** Which share of what two families do must be common for them to be one. */
const alikeFrom = 0.5

/** Splits a fleet by what its devices do; devices of one thing are never split. */
export function deviceFamilies(
  devices: readonly ObservedDevice[],
  rights: readonly UsedRight[],
): readonly DeviceFamily[] {
  const used = new Map(devices.map((device) => [device, new Set<string>()]))
  for (const { action, template, devices: users } of rights) {
    const purpose = purposeOf(action, written(template))
    if (purpose === undefined) continue
    for (const device of users) used.get(device)?.add(purpose)
  }
  const bySet = Map.groupBy(devices, (device) =>
    [...(used.get(device) ?? [])].toSorted().join('\n'),
  )
  const families: { devices: ObservedDevice[]; purposes: Set<string> }[] = []
  const sets = [...bySet].toSorted((left, right) => right[0].length - left[0].length)
  for (const [name, members] of sets) {
    const purposes = new Set(name === '' ? [] : name.split('\n'))
    const like = families
      .filter((family) => areAlike(family.purposes, purposes))
      .toSorted(
        (left, right) => kinship(right.devices, members) - kinship(left.devices, members),
      )[0]
    if (like === undefined) families.push({ devices: [...members], purposes })
    else {
      like.devices.push(...members)
      for (const purpose of purposes) like.purposes.add(purpose)
    }
  }
  return families.map(({ devices: members }) => ({
    devices: members,
    rights: rights.flatMap((right) => narrowed(right, new Set(members))),
  }))
}

/**
 * What a right is for, whatever the protocol: jobs over HTTPS and over MQTT are the same. Connecting
 * is for nothing by itself.
 */
function purposeOf(action: string, resource: string): string | undefined {
  if (action === 'iot:Connect') return undefined
  if (
    action.startsWith('iotjobsdata:') ||
    /^topic(?:filter)?\/\$aws\/things\/[^/]+\/jobs\//.test(resource)
  ) {
    return 'jobs'
  }
  if (/Shadow/.test(action) || /^topic(?:filter)?\/\$aws\/things\/[^/]+\/shadow\//.test(resource)) {
    return 'shadow'
  }
  return resource.replace(/^topic(?:filter)?\//, '')
}

function areAlike(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  const common = [...right].filter((one) => left.has(one)).length
  if (common === right.size || common === left.size) return true
  return common / (left.size + right.size - common) >= alikeFrom
}

/** How many of the members have a thing type or group in common with a family. */
function kinship(family: readonly ObservedDevice[], members: readonly ObservedDevice[]): number {
  const marks = new Set(family.flatMap(marksOf))
  return members.filter((member) => marksOf(member).some((mark) => marks.has(mark))).length
}

function marksOf({ thing, groups }: ObservedDevice): readonly string[] {
  const typeName = thing?.thingTypeName
  return [...groups, ...(typeName === undefined ? [] : [`type ${typeName}`])]
}

function narrowed(right: UsedRight, members: ReadonlySet<ObservedDevice>): readonly UsedRight[] {
  const devices = new Set([...right.devices].filter((device) => members.has(device)))
  return devices.size === 0 ? [] : [{ ...right, devices }]
}
