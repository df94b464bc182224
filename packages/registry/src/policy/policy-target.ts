/**
 * What policies can be attached to: certificates, thing groups and Cognito identities (gateway
 * G84, authz A10, C6). The operations of principals take no groups and word it their own way
 * (authz C9).
 */
import {
  accept,
  invalidRequest,
  iotArn,
  nameInArn,
  parseArn,
  refuse,
  type Outcome,
  type Refused,
} from '@muster/model'
import { noCertificateOfPrincipal, noSuchGroup } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'

/** `region:uuid`. */
const COGNITO_IDENTITY = /^[\w-]+:[0-9a-fA-F-]{36}$/

/** One target, known to be well-formed and of this account. */
type Target =
  | { readonly kind: 'certificate'; readonly certificateId: string; readonly arn: string }
  | { readonly kind: 'group'; readonly thingGroupName: string; readonly arn: string }
  | { readonly kind: 'cognito'; readonly arn: string }

/**
 * The ARN or identity that policies hang on. A principal's region is not looked at.
 *
 * @param asPrincipal - whether the operation is one of principals
 * @returns InvalidRequestException for what takes no policies, AccessDeniedException for another
 *   account's, ResourceNotFoundException for what is not there
 */
export function policyTarget(
  state: RegistryState,
  target: string,
  asPrincipal: boolean,
): Outcome<string> {
  const parsed = wellFormedTarget(state, target, asPrincipal)
  if (!parsed.ok) return parsed
  const absent = absence(state, parsed.value)
  return absent ?? accept(parsed.value.arn)
}

/** As {@link policyTarget}, whether it is there or not. */
export function wellFormedTarget(
  state: RegistryState,
  target: string,
  asPrincipal: boolean,
): Outcome<Target> {
  if (COGNITO_IDENTITY.test(target)) return accept({ kind: 'cognito', arn: target })
  const { account } = state.ports
  const parts = parseArn(target)
  if (parts === undefined) {
    if (!asPrincipal) return invalidRequest('Invalid Target')
    const cut = target.startsWith('arn:')
    return invalidRequest(cut ? 'ARN not in proper syntax.' : 'Invalid principal type')
  }
  const slash = parts.resource.indexOf('/')
  const type = parts.resource.slice(0, Math.max(slash, 0))
  const name = parts.resource.slice(slash + 1)
  const takesPolicies = type === 'cert' || (type === 'thinggroup' && !asPrincipal)
  if (parts.service !== 'iot' || !takesPolicies) {
    return invalidRequest(
      asPrincipal ? 'The given ARN does not represent a cert' : `Invalid Target: ${target}`,
    )
  }
  if (parts.accountId !== account.accountId) {
    return refuse(
      'AccessDeniedException',
      'Cross account not allowed. Please check the account of the resource specified.',
    )
  }
  if (parts.region !== account.region && !asPrincipal) return invalidRequest('Invalid Target')
  const arn = iotArn(account, type, name)
  return type === 'cert'
    ? accept({ kind: 'certificate', certificateId: name, arn })
    : accept({ kind: 'group', thingGroupName: name, arn })
}

/**
 * Refuses a certificate that is offered to another account: it must arrive there bare (gateway
 * G95).
 */
export function checkNotInTransfer(state: RegistryState, target: string): Refused | undefined {
  const certificateId = nameInArn(state.ports.account, 'cert', target) ?? ''
  const status = state.certificates.certificates.get(certificateId)?.status
  if (status !== 'PENDING_TRANSFER') return undefined
  return invalidRequest(
    `Certificate ${certificateId} is being transferred: nothing can be attached to it`,
  )
}

/** The thing group that a target of this account is; undefined for anything else. */
export function groupOfTarget(state: RegistryState, target: string): string | undefined {
  return nameInArn(state.ports.account, 'thinggroup', target)
}

function absence(state: RegistryState, target: Target): Refused | undefined {
  switch (target.kind) {
    case 'cognito':
      return undefined
    case 'certificate':
      return state.certificates.certificates.has(target.certificateId)
        ? undefined
        : noCertificateOfPrincipal()
    case 'group':
      return state.thingGroups.byName.has(target.thingGroupName)
        ? undefined
        : noSuchGroup(state.ports.account, target.thingGroupName)
  }
}
