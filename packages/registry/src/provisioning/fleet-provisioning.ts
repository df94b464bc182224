/**
 * Fleet provisioning, as far as it is state (gateway G100 to G107): the server speaks MQTT and
 * calls the hook between the two halves of a registration.
 */
import { accept, iotArn, present, refuse, type Outcome } from '@muster/model'
import { addIssued } from '../certificate/create-certificate.ts'
import type { CertificateRecord } from '../certificate/certificate-record.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { certificateOfToken, issueOwnershipToken } from './ownership-token.ts'
import { provision } from './provision.ts'
import type { ProvisioningOutcome } from './provisioning-code.ts'
import type { ProvisioningHookRecord } from './provisioning-record.ts'
import { defaultTemplateBody } from './provisioning-template.ts'
import { resolveTemplate } from './resolve-template.ts'
import { parseTemplate } from './template.ts'

/** A certificate for a device to take over by its token. */
export interface OwnedCertificate {
  readonly certificateId: string
  readonly certificatePem: string
  readonly certificateOwnershipToken: string
}

/** Whose key the certificate is for. */
export type CertificateSource =
  | { readonly certificateSigningRequest: string }
  | { readonly publicKeyPem: string }

/** A device's request to be registered. */
export interface FleetRegistration {
  readonly templateName: string
  readonly certificateOwnershipToken: string
  readonly parameters: ReadonlyMap<string, string>
  /** Of the connection: a claim's or any other. */
  readonly ownerCertificateId: string
}

/** A registration that may go on, and the hook that must agree. */
export interface FleetRegistrationBegun {
  readonly templateArn: string
  readonly certificate: CertificateRecord
  readonly hook?: ProvisioningHookRecord
}

/** What a device is told when it is registered. */
export interface FleetRegistered {
  /** Absent when the template has no thing. */
  readonly thingName?: string
  readonly deviceConfiguration: Readonly<Record<string, string>>
}

/**
 * CreateKeysAndCertificate and CreateCertificateFromCsr over MQTT: PENDING_ACTIVATION until
 * registered, deleted with its token after an hour (gateway G100, G101, G104).
 *
 * @param ownerCertificateId - of the connection that asks
 * @returns InvalidRequestException for a request that cannot be certified
 */
export function createOwnedCertificate(
  state: RegistryState,
  source: CertificateSource,
  ownerCertificateId: string,
  nowMs: number,
): Outcome<OwnedCertificate> {
  const { certificateIssuer } = state.ports
  const issued =
    'publicKeyPem' in source
      ? certificateIssuer.issueForKey(source.publicKeyPem)
      : certificateIssuer.issueFromCsr(source.certificateSigningRequest)
  if (!issued.ok) return issued
  const { certificateId, certificatePem } = addIssued(
    state,
    issued.value,
    'PENDING_ACTIVATION',
    nowMs,
  )
  return accept({
    certificateId,
    certificatePem,
    certificateOwnershipToken: issueOwnershipToken(state, certificateId, ownerCertificateId, nowMs),
  })
}

/**
 * First half of RegisterThing over MQTT: judges token and template, changes nothing.
 *
 * @returns refusals `InvalidCertificateOwnershipToken`, `AccessDenied` for a claim of another
 *   template, InvalidRequestException for an unknown, disabled or just-in-time template
 */
export function beginFleetRegistration(
  state: RegistryState,
  request: FleetRegistration,
  nowMs: number,
): ProvisioningOutcome<FleetRegistrationBegun> {
  const { ownerCertificateId, templateName } = request
  const claim = state.certificates.certificates.get(ownerCertificateId)?.claimOfTemplate
  if (claim !== undefined && claim !== templateName) {
    return refuse('AccessDenied', `The provisioning claim is for template ${claim} alone`)
  }
  const template = state.provisioning.templates.get(templateName)
  if (template === undefined || !template.enabled || template.type !== 'FLEET_PROVISIONING') {
    return refuse(
      'InvalidRequestException',
      `There is no enabled fleet provisioning template ${templateName}`,
    )
  }
  const certificate = certificateOfToken(
    state,
    request.certificateOwnershipToken,
    ownerCertificateId,
    nowMs,
  )
  if (!certificate.ok) return certificate
  const { preProvisioningHook: hook } = template
  return accept({
    templateArn: iotArn(state.ports.account, 'provisioningtemplate', templateName),
    certificate: certificate.value,
    ...present({ hook }),
  })
}

/**
 * Second half, after the hook: judges again, since time has passed, and provisions all or nothing.
 * The token is used up by success alone.
 *
 * @param parameterOverrides - the hook's, stronger than the device's own
 */
export function completeFleetRegistration(
  state: RegistryState,
  request: FleetRegistration,
  parameterOverrides: ReadonlyMap<string, string>,
  nowMs: number,
): ProvisioningOutcome<FleetRegistered> {
  const begun = beginFleetRegistration(state, request, nowMs)
  if (!begun.ok) return begun
  const record = state.provisioning.templates.get(request.templateName)
  const body = record === undefined ? '' : defaultTemplateBody(record)
  const template = parseTemplate(body, 'FLEET_PROVISIONING')
  if (!template.ok) return template
  const { certificateId } = begun.value.certificate
  const wanted = resolveTemplate(
    template.value,
    new Map([...request.parameters, ...parameterOverrides]),
    new Map([['AWS::IoT::Certificate::Id', certificateId]]),
  )
  if (!wanted.ok) return wanted
  if (wanted.value.certificate?.certificateId !== certificateId) {
    return refuse(
      'InvalidRequestException',
      'The template must have a certificate with CertificateId AWS::IoT::Certificate::Id',
    )
  }
  const done = provision(state, wanted.value, nowMs)
  if (!done.ok) return done
  state.provisioning.tokens.delete(request.certificateOwnershipToken)
  const { deviceConfiguration, thingName } = done.value
  return accept({ deviceConfiguration, ...(thingName === undefined ? {} : { thingName }) })
}
