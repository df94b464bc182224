/**
 * The least policies from observed traffic: one for each kind of device, proved by deciding all that
 * was seen again, and told with what they allow beyond.
 */
import { compilePolicy } from '../compile/compiled-policy.ts'
import { bindEvaluator, type NamedPolicy } from '../decide/evaluator.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import { grantsBeyond, type GrantBeyond } from './grants-beyond.ts'
import { deviceFamilies, type DeviceFamily } from './device-families.ts'
import { fleetRights } from './fleet-templates.ts'
import { policyDocuments, type SuggestedDocument } from './policy-documents.ts'
import { contextOf, type ObservedDevice, type ObservedRequest } from './recording.ts'

/** A policy for a kind of device. */
export interface SuggestedPolicy {
  readonly policyName: string
  /** To be attached together; several where one would be too long. */
  readonly documents: readonly SuggestedDocument[]
  /** Things, or certificates that have none. */
  readonly devices: readonly string[]
  /** A static group of exactly these things: attach it there; undefined: to the certificates. */
  readonly thingGroup: string | undefined
  /** What the things have in common that others have not. */
  readonly mark: string | undefined
  readonly beyond: readonly GrantBeyond[]
}

/** A suggestion. */
export interface Suggestion {
  readonly policies: readonly SuggestedPolicy[]
  /** Requests decided again. */
  readonly replayed: number
  /** Those that the policies do not allow; a suggestion that is good has none. */
  readonly denied: readonly (ObservedRequest & { readonly device: string })[]
}

/** authz C7. */
const groupPoliciesMax = 2

/** Suggests policies for observed devices. */
export function suggestPolicies(devices: readonly ObservedDevice[]): Suggestion {
  const families = deviceFamilies(devices, fleetRights(devices))
  const policies = families.map((family, index) => policyFor(family, families, index))
  const denied: (ObservedRequest & { readonly device: string })[] = []
  let replayed = 0
  for (const [index, { devices: members }] of families.entries()) {
    const named = (policies[index]?.documents ?? []).map(compiled)
    for (const device of members) {
      const evaluator = bindEvaluator(named, contextOf(device), device.account)
      for (const request of device.requests) {
        replayed += 1
        const decision = evaluator.decide(request.action, arnOf(device, request.resource))
        if (decision !== 'allow') denied.push({ device: device.device, ...request })
      }
    }
  }
  return { policies, replayed, denied }
}

function compiled(document: SuggestedDocument): NamedPolicy {
  const parsed = parsePolicy(JSON.stringify(document), 'iot')
  if (!parsed.ok) throw new Error(`a suggested policy is malformed: ${parsed.error.message}`)
  return { policyName: 'suggested', compiled: compilePolicy(parsed.value) }
}

function arnOf({ account }: ObservedDevice, resource: string): string {
  return resource === '*' ? '*' : `arn:aws:iot:${account.region}:${account.accountId}:${resource}`
}

function policyFor(
  family: DeviceFamily,
  families: readonly DeviceFamily[],
  index: number,
): SuggestedPolicy {
  const { devices, rights } = family
  const account = devices[0]?.account ?? { region: 'us-east-1', accountId: '123456789012' }
  const others = families.filter((one) => one !== family).flatMap((one) => one.devices)
  const mark = markOf(devices, others)
  const documents = policyDocuments(rights, account)
  const suffix = families.length === 1 ? '' : `-${nameOf(mark) ?? index + 1}`
  return {
    policyName: `suggested${suffix}`,
    documents,
    devices: [...new Set(devices.map(shownDevice))].toSorted(),
    thingGroup:
      others.length === 0 || documents.length > groupPoliciesMax
        ? undefined
        : groupOf(devices, others),
    mark,
    beyond: grantsBeyond(family),
  }
}

function shownDevice({ thingNames, certificateId }: ObservedDevice): string {
  return thingNames[0] ?? certificateId
}

/** A group policy reaches only MQTT clients that are named as their thing (authz E3). */
function groupOf(
  devices: readonly ObservedDevice[],
  others: readonly ObservedDevice[],
): string | undefined {
  const reached = devices.every(
    ({ protocol, clientId, thing }) => protocol === 'mqtt' && thing?.thingName === clientId,
  )
  if (!reached) return undefined
  return devices[0]?.groups.find(
    (group) =>
      devices.every(({ groups }) => groups.includes(group)) &&
      others.every(({ groups }) => !groups.includes(group)),
  )
}

/** The first fact that all of one kind have and none of the others. */
function markOf(
  devices: readonly ObservedDevice[],
  others: readonly ObservedDevice[],
): string | undefined {
  if (others.length === 0) return undefined
  const marks = (device: ObservedDevice): readonly string[] => [
    ...(device.thing?.thingTypeName === undefined ? [] : [`type ${device.thing.thingTypeName}`]),
    ...device.groups.map((group) => `group ${group}`),
    ...Object.entries(device.thing?.attributes ?? {}).map((pair) => pair.join('=')),
  ]
  return marks(devices[0] ?? ({ groups: [] } as never)).find(
    (mark) =>
      devices.every((device) => marks(device).includes(mark)) &&
      others.every((device) => !marks(device).includes(mark)),
  )
}

function nameOf(mark: string | undefined): string | undefined {
  return mark?.replace(/^(?:type|group) /, '').replaceAll(/[^\w+=,.@-]/g, '-')
}
