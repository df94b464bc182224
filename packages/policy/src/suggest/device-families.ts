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

interface Family {
  readonly devices: ObservedDevice[]
  readonly purposes: Set<string>
  /** Thing types and groups of any of them. */
  readonly marks: Set<string>
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
  const marks = tellingMarks(devices)
  const marksIn = (device: ObservedDevice): readonly string[] =>
    marksOf(device).filter((mark) => marks.has(mark))
  const sortedPurposes = (device: ObservedDevice): readonly string[] =>
    [...(used.get(device) ?? [])].toSorted()
  const bySet = Map.groupBy(devices, (device) =>
    JSON.stringify([sortedPurposes(device), marksIn(device).toSorted()]),
  )
  const families: Family[] = []
  const sets = [...bySet.values()]
    .map((members): Family => {
      const [first] = members
      return {
        devices: members,
        purposes: new Set(first === undefined ? [] : sortedPurposes(first)),
        marks: new Set(first === undefined ? [] : marksIn(first)),
      }
    })
    .toSorted((left, right) => size(right) - size(left))
  for (const one of sets) {
    const { devices: members, purposes } = one
    const like = families
      .filter((family) => areAlike(family, one))
      .toSorted((left, right) => common(right.marks, one.marks) - common(left.marks, one.marks))[0]
    if (like === undefined) families.push({ ...one, devices: [...members] })
    else {
      like.devices.push(...members)
      for (const mark of one.marks) like.marks.add(mark)
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

/**
 * Devices that did less are still of a kind with those that did more, unless their thing types and
 * groups say that they are another kind.
 */
function areAlike(left: Family, right: Family): boolean {
  const shared = common(left.purposes, right.purposes)
  const least = Math.min(left.purposes.size, right.purposes.size)
  const all = left.purposes.size + right.purposes.size - shared
  if (shared === all) return true
  const areMarked = left.marks.size > 0 && right.marks.size > 0
  if (areMarked && common(left.marks, right.marks) === 0) return false
  return shared === least || shared / all >= alikeFrom
}

function common(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  return [...right].filter((one) => left.has(one)).length
}

/** Those that do most come first: the others are compared with them. */
function size({ purposes }: Family): number {
  return [...purposes].join('\n').length
}

/** Thing types and groups that tell devices apart: not those that all have. */
function tellingMarks(devices: readonly ObservedDevice[]): ReadonlySet<string> {
  const counts = Map.groupBy(devices.flatMap(marksOf), (mark) => mark)
  return new Set(
    [...counts].flatMap(([mark, { length }]) => (length < devices.length ? [mark] : [])),
  )
}

function marksOf({ thing, groups }: ObservedDevice): readonly string[] {
  const typeName = thing?.thingTypeName
  return [...groups, ...(typeName === undefined ? [] : [`type ${typeName}`])]
}

function narrowed(right: UsedRight, members: ReadonlySet<ObservedDevice>): readonly UsedRight[] {
  const devices = new Set([...right.devices].filter((device) => members.has(device)))
  return devices.size === 0 ? [] : [{ ...right, devices }]
}
