/** Properties of the policies of a running server, or of AWS: for the devices that are there. */
import { provePolicies, type Proof, type Property } from '@muster/policy'
import type { LiveEndpoint } from '../flags/live-endpoint.ts'
import { liveFleet, type LiveDevice } from './live-fleet.ts'

/** The answer about a registry's devices. */
export interface LiveAnswer {
  readonly property: Property
  readonly proof: Proof
  readonly devices: number
}

/**
 * Decides each property for all devices of the registry. What holds for all devices that could ever
 * be needs no look at those there are; else each is asked about with its own name and attributes.
 *
 * @throws Error when no certificate has a policy
 */
export async function livePolicyProof(
  properties: readonly Property[],
  where: LiveEndpoint,
): Promise<readonly LiveAnswer[]> {
  const { policies, devices } = await liveFleet(where)
  if (devices.length === 0) {
    throw new Error(`no certificate has any of the ${policies.length} policies: nothing to prove`)
  }
  const kinds = Map.groupBy(devices, ({ policies: attached }) =>
    attached.map(({ policyName, ofGroup }) => `${policyName}/${ofGroup}`).join(' '),
  )
  return properties.map((property) => ({
    property,
    proof: proofFor(property, [...kinds.values()]),
    devices: devices.length,
  }))
}

function proofFor(property: Property, kinds: readonly (readonly LiveDevice[])[]): Proof {
  const because = new Set<string>()
  for (const devices of kinds) {
    const [first] = devices
    if (first === undefined) continue
    if (provePolicies({ policies: first.policies, property }).answer === 'proved') continue
    for (const { known, policies } of devices) {
      const proof = provePolicies({ policies, property, known })
      if (proof.answer === 'counterexample') return proof
      if (proof.answer === 'undecided') for (const reason of proof.because) because.add(reason)
    }
  }
  return because.size === 0 ? { answer: 'proved' } : { answer: 'undecided', because: [...because] }
}
