/**
 * Certificates that register themselves when they first connect (gateway G96 to G99).
 */
import { accept, refuse } from '@muster/model'
import { addCertificate } from '../certificate/create-certificate.ts'
import type { CertificateFacts } from '../certificate/certificate-issuer.ts'
import type { CaCertificateRecord, CertificateRecord } from '../certificate/certificate-record.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { provision } from './provision.ts'
import type { JustInTimeOutcome, ProvisioningOutcome } from './provisioning-code.ts'
import { defaultTemplateBody } from './provisioning-template.ts'
import { resolveTemplate } from './resolve-template.ts'
import { parseTemplate } from './template.ts'

/** Body of the event `$aws/events/certificates/registered/{caCertificateId}` (gateway G97). */
export interface CertificateRegisteredEvent {
  readonly certificateId: string
  readonly caCertificateId: string
  /** Epoch milliseconds. */
  readonly timestamp: number
  readonly certificateStatus: 'PENDING_ACTIVATION'
  readonly awsAccountId: string
  readonly sourceIp: string
  /** Null on the connect that registered it; then the time of that, milliseconds as a string. */
  readonly certificateRegistrationTimestamp: string | null
}

/** A CONNECT with a certificate that is unknown or PENDING_ACTIVATION. */
export interface JustInTimeAttempt {
  /** The leaf that the device showed. */
  readonly certificatePem: string
  readonly sourceIp: string
  /** Host name of the handshake, if it named one. */
  readonly serverName: string | undefined
}

/** What a connect attempt with a certificate that is not known or not activated brought about. */
export interface JustInTimeRegistration {
  readonly event: CertificateRegisteredEvent
  /** Why the authority's template could not be applied; absent when it was, or there is none. */
  readonly provisioningFailure?: string
}

/**
 * Handles a first CONNECT; the connection is closed in any case, and the event published when there
 * is one.
 *
 * @returns refusal `DEVICE_CERTIFICATE_NOT_REGISTERED` when no ACTIVE authority with
 *   auto-registration signed it, or it is outside its dates; any other refusal as certificates have
 */
export function registerJustInTime(
  state: RegistryState,
  { certificatePem, sourceIp, serverName }: JustInTimeAttempt,
  nowMs: number,
): JustInTimeOutcome<JustInTimeRegistration> {
  const read = state.ports.certificateIssuer.read(certificatePem)
  if (!read.ok) return read
  const facts = read.value
  const authority = registeringAuthority(state, facts, serverName !== undefined)
  if (authority === undefined || !facts.inDate) {
    return refuse(
      'DEVICE_CERTIFICATE_NOT_REGISTERED',
      'No ACTIVE CA certificate with auto-registration signed the certificate',
    )
  }
  const existing = state.certificates.certificates.get(facts.certificateId)
  if (existing !== undefined && existing.status !== 'PENDING_ACTIVATION') {
    return refuse('DEVICE_CERTIFICATE_NOT_REGISTERED', `The certificate is ${existing.status}`)
  }
  const record =
    existing ??
    addCertificate(state, {
      ...facts,
      status: 'PENDING_ACTIVATION',
      certificateMode: authority.certificateMode,
      caCertificateId: authority.certificateId,
      nowMs,
    })
  const event: CertificateRegisteredEvent = {
    certificateId: record.certificateId,
    caCertificateId: authority.certificateId,
    timestamp: nowMs,
    certificateStatus: 'PENDING_ACTIVATION',
    awsAccountId: state.ports.account.accountId,
    sourceIp,
    certificateRegistrationTimestamp: existing === undefined ? null : String(existing.createdAtMs),
  }
  const templateBody = templateOf(state, authority)
  if (templateBody === undefined) return accept({ event })
  const done = provisionJustInTime(state, record, templateBody, nowMs)
  return accept(done.ok ? { event } : { event, provisioningFailure: done.error.message })
}

/**
 * The authority that registers certificates by itself and signed this one; without a host name in
 * the handshake one in DEFAULT mode alone.
 */
function registeringAuthority(
  state: RegistryState,
  facts: CertificateFacts,
  namesHost: boolean,
): CaCertificateRecord | undefined {
  const { caBySubject, caCertificates } = state.certificates
  for (const id of caBySubject.get(facts.issuer)) {
    const authority = caCertificates.get(id)
    if (authority?.status !== 'ACTIVE' || authority.autoRegistrationStatus !== 'ENABLE') continue
    if (!namesHost && authority.certificateMode !== 'DEFAULT') continue
    const { certificatePem } = authority
    if (state.ports.certificateIssuer.isSignedBy(facts.certificatePem, certificatePem)) {
      return authority
    }
  }
  return undefined
}

function templateOf(state: RegistryState, authority: CaCertificateRecord): string | undefined {
  const config = authority.registrationConfig
  if (config?.templateName === undefined) return config?.templateBody
  const template = state.provisioning.templates.get(config.templateName)
  return template?.enabled === true ? defaultTemplateBody(template) : undefined
}

/** A declared parameter that the subject lacks fails it, and nothing is made (gateway G99). */
function provisionJustInTime(
  state: RegistryState,
  record: CertificateRecord,
  templateBody: string,
  nowMs: number,
): ProvisioningOutcome<object> {
  const template = parseTemplate(templateBody, 'JITP')
  if (!template.ok) return template
  const parameters = new Map([['AWS::IoT::Certificate::Id', record.certificateId]])
  const subject = state.ports.certificateIssuer.subjectAttributes(record.certificatePem)
  for (const [name, attribute] of subjectParameters) {
    const value = subject[attribute]?.[0]
    if (value !== undefined) parameters.set(`AWS::IoT::Certificate::${name}`, value)
  }
  const wanted = resolveTemplate(template.value, new Map(), parameters)
  if (!wanted.ok) return wanted
  if (wanted.value.certificate?.certificateId !== record.certificateId) {
    return refuse(
      'InvalidRequestException',
      'The template must have a certificate with CertificateId AWS::IoT::Certificate::Id',
    )
  }
  return provision(state, wanted.value, nowMs)
}

/** Parameter names of templates by attribute names of policies. */
const subjectParameters: readonly (readonly [parameter: string, attribute: string])[] = [
  ['Country', 'Country'],
  ['Organization', 'Organization'],
  ['OrganizationalUnit', 'OrganizationalUnit'],
  ['DistinguishedNameQualifier', 'DistinguishedNameQualifier'],
  ['StateName', 'State'],
  ['CommonName', 'CommonName'],
  ['SerialNumber', 'SerialNumber'],
]
