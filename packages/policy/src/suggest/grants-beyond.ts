/**
 * What a suggested policy allows that was not seen, entry by entry: nothing else is allowed to its
 * devices.
 */
import type { DeviceFamily } from './device-families.ts'
import type { UsedRight } from './fleet-templates.ts'
import { written } from './resource-template.ts'

/** An entry that allows more than was seen. */
export interface GrantBeyond {
  readonly action: string
  /** As the policy has it, without the start of the ARN. */
  readonly resource: string
  readonly why: string
  /** Resources that it was seen with, a few of them. */
  readonly seen: readonly string[]
  /** Devices of the policy that were not seen to use it. */
  readonly unused: readonly string[]
}

const shownMax = 5

/** Entries that allow more than was seen; an entry that each device used as it stands does not. */
export function grantsBeyond({ devices, rights }: DeviceFamily): readonly GrantBeyond[] {
  return rights.flatMap((right): readonly GrantBeyond[] => {
    const unused = devices.filter((device) => !right.devices.has(device))
    const reasons = reasonsFor(right, unused.length, devices.length)
    if (reasons.length === 0) return []
    return [
      {
        action: right.action,
        resource: written(right.template),
        why: reasons.join('; '),
        seen: [...right.seen].slice(0, shownMax),
        unused: unused.map(({ thingNames, certificateId }) => thingNames[0] ?? certificateId),
      },
    ]
  })
}

function reasonsFor(
  { template, seen, devices, action }: UsedRight,
  unused: number,
  all: number,
): readonly string[] {
  const reasons: string[] = []
  if (template.some(({ type }) => type === 'any')) {
    reasons.push(`\`*\` stands for any text, slashes too; seen were ${seen.size}`)
  }
  if (template.some((level) => level.type === 'variable' && level.text.includes('iot:ClientId'))) {
    reasons.push('`${iot:ClientId}` is whatever client ID a device says')
  }
  const isText = template.every(({ type }) => type === 'text')
  const byMqtt = [...devices].every(({ protocol }) => protocol === 'mqtt')
  if (isText && byMqtt && /^iot:(?:Publish|RetainPublish)$/.test(action)) {
    reasons.push('it has no variable, so it holds over HTTPS too')
  }
  if (unused > 0) reasons.push(`${all - unused} of ${all} devices used it`)
  return reasons
}
