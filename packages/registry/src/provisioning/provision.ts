/**
 * Making what a resolved template asks for, all of it or nothing (gateway G109, G111, G113).
 */
import { accept, iotArn, refuse } from '@muster/model'
import { addIssued } from '../certificate/create-certificate.ts'
import type { CertificateRecord } from '../certificate/certificate-record.ts'
import { findCertificate } from '../certificate/find-certificate.ts'
import { registerCertificate } from '../certificate/register-certificate.ts'
import { changeCertificate } from '../certificate/update-certificate.ts'
import { attachPolicy } from '../policy/policy-attachment.ts'
import { createPolicy } from '../policy/policies.ts'
import { attachThingPrincipal } from '../principal/principals.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { provisionThing } from './provision-thing.ts'
import type { ProvisioningOutcome } from './provisioning-code.ts'
import type { ResolvedTemplate, WantedCertificate, WantedPolicy } from './resolve-template.ts'

/** What there is after provisioning. */
export interface Provisioned {
  readonly thingName?: string
  readonly certificate?: CertificateRecord
  /** By logical name. */
  readonly resourceArns: Readonly<Record<string, string>>
  readonly deviceConfiguration: Readonly<Record<string, string>>
}

/**
 * Applies a resolved template in one transaction.
 *
 * @returns the refusal of whichever operation fails, with nothing changed;
 *   ResourceConflictsException where an override says FAIL
 */
export function provision(
  state: RegistryState,
  wanted: ResolvedTemplate,
  nowMs: number,
): ProvisioningOutcome<Provisioned> {
  return state.transaction.run(() => {
    const arns: [string, string][] = []
    const policyNames: string[] = []
    for (const policy of wanted.policies) {
      const policyName = provisionPolicy(state, policy, nowMs)
      if (!policyName.ok) return policyName
      policyNames.push(policyName.value)
      const policyArn = iotArn(state.ports.account, 'policy', policyName.value)
      arns.push([policy.logicalName, policyArn])
    }
    const certificate =
      wanted.certificate === undefined
        ? undefined
        : provisionCertificate(state, wanted.certificate, nowMs)
    if (certificate?.ok === false) return certificate
    const target = certificate?.value.certificateArn
    if (wanted.certificate !== undefined && target !== undefined) {
      arns.push([wanted.certificate.logicalName, target])
      for (const policyName of policyNames) {
        const attached = attachPolicy(state, { policyName, target })
        if (!attached.ok) return attached
      }
    }
    if (wanted.thing !== undefined) {
      const { logicalName, thingName } = wanted.thing
      const made = provisionThing(state, wanted.thing)
      if (!made.ok) return made
      arns.push([logicalName, iotArn(state.ports.account, 'thing', thingName)])
      if (target !== undefined) {
        const attached = attachThingPrincipal(state, {
          thingName,
          principal: target,
          thingPrincipalType: wanted.certificate?.thingPrincipalType,
        })
        if (!attached.ok) return attached
      }
    }
    return accept({
      ...(wanted.thing === undefined ? {} : { thingName: wanted.thing.thingName }),
      ...(certificate === undefined ? {} : { certificate: certificate.value }),
      resourceArns: Object.fromEntries(arns),
      deviceConfiguration: wanted.deviceConfiguration,
    })
  })
}

/** The name of a policy that is there afterwards; unnamed ones are named by their content. */
function provisionPolicy(
  state: RegistryState,
  wanted: WantedPolicy,
  nowMs: number,
): ProvisioningOutcome<string> {
  const { policyDocument } = wanted
  if (policyDocument === undefined) {
    const { policyName = '' } = wanted
    if (state.policies.byName.has(policyName)) return accept(policyName)
    return refuse('ResourceNotFoundException', `Policy ${policyName} cannot be found.`)
  }
  // AWS's names of such policies are 40 hex digits, too.
  const policyName = state.ports.certificateIssuer.digest(policyDocument).slice(0, 40)
  if (state.policies.byName.has(policyName)) return accept(policyName)
  const created = createPolicy(state, { policyName, policyDocument }, nowMs)
  return created.ok ? accept(policyName) : created
}

function provisionCertificate(
  state: RegistryState,
  wanted: WantedCertificate,
  nowMs: number,
): ProvisioningOutcome<CertificateRecord> {
  const { certificateSigningRequest, certificatePem } = wanted
  if (certificateSigningRequest !== undefined) {
    const issued = state.ports.certificateIssuer.issueFromCsr(certificateSigningRequest)
    return issued.ok ? accept(addIssued(state, issued.value, wanted.status, nowMs)) : issued
  }
  if (certificatePem === undefined) {
    const found = findCertificate(state, wanted.certificateId)
    if (!found.ok) return found
    if (found.value.claimOfTemplate !== undefined) {
      return refuse('ResourceNotFoundException', 'A provisioning claim cannot be provisioned')
    }
    return useCertificate(state, found.value, wanted, nowMs)
  }
  const read = state.ports.certificateIssuer.read(certificatePem)
  if (!read.ok) return read
  const existing = state.certificates.certificates.get(read.value.certificateId)
  if (existing !== undefined) return useCertificate(state, existing, wanted, nowMs)
  const registered = registerCertificate(
    state,
    { certificatePem, caCertificatePem: wanted.caCertificatePem, status: wanted.status },
    nowMs,
  )
  return registered.ok ? findCertificate(state, registered.value.certificateId) : registered
}

/**
 * A certificate that is registered already. One that waits for its activation gets the template's
 * status; any other keeps its own unless an override says so. REVOKED and on its way to another
 * account it serves nobody: CertificateStateException.
 */
function useCertificate(
  state: RegistryState,
  record: CertificateRecord,
  wanted: WantedCertificate,
  nowMs: number,
): ProvisioningOutcome<CertificateRecord> {
  const { status } = wanted
  if (record.status !== 'PENDING_ACTIVATION') {
    const override = wanted.overrides.get('Status')
    if (override === 'FAIL') {
      return refuse(
        'ResourceConflictsException',
        `Certificate ${record.certificateId} already exists`,
      )
    }
    if (record.status === 'REVOKED' || record.status === 'PENDING_TRANSFER') {
      return refuse(
        'CertificateStateException',
        `Certificate ${record.certificateId} is ${record.status}`,
      )
    }
    if (override !== 'REPLACE' || record.status === status) return accept(record)
  }
  return accept(changeCertificate(state, record, { status }, nowMs))
}
