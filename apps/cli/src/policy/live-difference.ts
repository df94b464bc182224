/** A change of a policy for the devices of a running server, or of AWS. */
import { existsSync } from 'node:fs'
import { GetPolicyVersionCommand, IoTClient } from '@aws-sdk/client-iot'
import { policyDifference, type ProvenPolicy } from '@muster/policy'
import { liveFleet, type LiveDevice, type LiveFleet } from './live-fleet.ts'
import type { LiveEndpoint } from '../flags/live-endpoint.ts'
import { clientSettings } from './live-policies.ts'
import type { ShownChange, ShownDifference } from './policy-diff.ts'
import { readPolicyFile } from './policy-file.ts'
import { provenPolicy } from './proven-files.ts'

/** Devices asked about one by one. */
const devicesMax = 500

/**
 * Compares two policies for each device. When the old one is a policy of the account, by name, only
 * devices that have it count, with their other policies beside it; a file stands for the one policy
 * of every device.
 *
 * @throws Error for a name that is neither file nor policy
 */
export async function livePolicyDifference(
  before: string,
  after: string,
  where: LiveEndpoint,
): Promise<ShownDifference> {
  const fleet = await liveFleet(where)
  const [old, changed] = [await named(before, fleet, where), await named(after, fleet, where)]
  const name = existsSync(before) ? undefined : before.split(':')[0]
  const devices = fleet.devices.filter(
    ({ policies }) => name === undefined || policies.some(({ policyName }) => policyName === name),
  )
  const because = new Set<string>()
  const changes = new Map<string, { shown: ShownChange; readonly names: string[] }>()
  for (const device of devicesOfKinds(devices, name, old, changed)) {
    const difference = policyDifference({
      before: replaced(device, name, old),
      after: replaced(device, name, changed),
      known: device.known,
    })
    for (const reason of difference.because) because.add(reason)
    for (const change of difference.changes) {
      const key = `${change.change} ${change.action} ${change.resource}`
      const known = changes.get(key) ?? { shown: change, names: [] }
      changes.set(key, known)
      known.names.push(device.known.thingName ?? device.certificateId)
    }
  }
  if (devices.length > devicesMax) {
    because.add(
      `${devices.length - devicesMax} more devices: one by one only ${devicesMax} are asked about`,
    )
  }
  return {
    changes: [...changes.values()].map(({ shown, names }) => ({ ...shown, devices: names })),
    because: [...because],
    devices: devices.length,
  }
}

/** Only devices whose set of policies can make a difference. */
function devicesOfKinds(
  devices: readonly LiveDevice[],
  name: string | undefined,
  old: ProvenPolicy,
  changed: ProvenPolicy,
): readonly LiveDevice[] {
  const sets = Map.groupBy(devices, ({ policies }) =>
    policies.map(({ policyName, ofGroup }) => `${policyName}/${ofGroup}`).join(' '),
  )
  return [...sets.values()]
    .filter(([first]) => {
      if (first === undefined) return false
      const before = replaced(first, name, old)
      const { changes, because } = policyDifference({
        before,
        after: replaced(first, name, changed),
      })
      return changes.length + because.length > 0
    })
    .flat()
    .slice(0, devicesMax)
}

function replaced(
  { policies }: LiveDevice,
  name: string | undefined,
  by: ProvenPolicy,
): readonly ProvenPolicy[] {
  if (name === undefined) return [by]
  return policies.map((policy) =>
    policy.policyName === name ? { ...by, ofGroup: policy.ofGroup === true } : policy,
  )
}

async function named(text: string, fleet: LiveFleet, where: LiveEndpoint): Promise<ProvenPolicy> {
  if (existsSync(text)) return provenPolicy(text, readPolicyFile(text))
  const [policyName = '', version] = text.split(':')
  const found = fleet.policies.find((policy) => policy.policyName === policyName)
  if (found === undefined) {
    const names = fleet.policies
      .map((policy) => policy.policyName)
      .toSorted()
      .join(', ')
    throw new Error(`no file and no policy \`${text}\`: there are ${names === '' ? 'none' : names}`)
  }
  if (version === undefined) return found
  const client = new IoTClient(clientSettings(where))
  try {
    const { policyDocument = '' } = await client.send(
      new GetPolicyVersionCommand({ policyName, policyVersionId: version }),
    )
    return provenPolicy(text, policyDocument)
  } finally {
    client.destroy()
  }
}
