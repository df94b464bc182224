/** What a change of a document gives to devices and takes from them, in words. */
import {
  compilePolicy,
  parsePolicy,
  policyDifference,
  whoAsks,
  type DeviceKind,
  type PolicyChange,
  type ProvenPolicy,
} from '@muster/policy'

/** A gain or a loss as a row. */
export interface ChangedGrant {
  readonly change: PolicyChange['change']
  readonly action: string
  readonly resource: string
  /** For which devices. */
  readonly devices: string
  /** A request that shows it. */
  readonly witness: string
}

/** Changed grants, and what stood in the way of deciding. */
export interface GrantsDifference {
  readonly grants: readonly ChangedGrant[]
  readonly because: readonly string[]
}

const words: Readonly<Record<DeviceKind, string>> = {
  attached: 'clients named as their thing',
  otherClientId: 'clients named otherwise',
  exclusive: 'exclusive clients named otherwise',
  unattached: 'clients without a thing',
  https: 'things over HTTPS',
  httpsUnattached: 'HTTPS without a thing',
}

/** Compares two documents; undefined while one of them is malformed. */
export function grantsDifference(before: string, after: string): GrantsDifference | undefined {
  const [old, next] = [proven(before), proven(after)]
  if (old === undefined || next === undefined) return undefined
  const { changes, because } = policyDifference({ before: [old], after: [next] })
  const grants = changes.map(({ change, action, resource, devices, vector }) => {
    const asked = vector.requests.at(-1)?.resource.split(':').slice(5).join(':')
    return {
      change,
      action,
      resource: resource.replace(/^arn:[^:]*:iot:[^:]*:[^:]*:/, ''),
      devices: devices.map((kind) => words[kind]).join(', '),
      witness: `${asked}, by ${whoAsks(vector).replace(/,$/, '')}`,
    }
  })
  return { grants, because }
}

function proven(text: string): ProvenPolicy | undefined {
  const parsed = parsePolicy(text, 'iot')
  if (!parsed.ok) return undefined
  const document: unknown = JSON.parse(text)
  return { policyName: 'policy', compiled: compilePolicy(parsed.value), document }
}
