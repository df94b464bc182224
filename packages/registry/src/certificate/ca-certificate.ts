/**
 * Registered authorities after their registration (gateway G91).
 */
import type {
  CACertificate,
  DeleteCACertificateRequest,
  DescribeCACertificateRequest,
  DescribeCACertificateResponse,
  ListCACertificatesRequest,
  ListCACertificatesResponse,
  UpdateCACertificateRequest,
} from '@aws-sdk/client-iot'
import { accept, present, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CaCertificateRecord } from './certificate-record.ts'
import { findCaCertificate } from './find-certificate.ts'
import { markedPage } from './list-certificates.ts'
import { registrationConfigOf } from './registration-config.ts'

/** DescribeCACertificate; ResourceNotFoundException. */
export function describeCACertificate(
  state: RegistryState,
  input: DescribeCACertificateRequest,
): Outcome<DescribeCACertificateResponse> {
  const found = findCaCertificate(state, input.certificateId)
  if (!found.ok) return found
  const { registrationConfig, ...record } = found.value
  return accept({
    certificateDescription: {
      certificateArn: record.certificateArn,
      certificateId: record.certificateId,
      status: record.status,
      certificatePem: record.certificatePem,
      ownedBy: state.ports.account.accountId,
      creationDate: new Date(record.createdAtMs),
      autoRegistrationStatus: record.autoRegistrationStatus,
      lastModifiedDate: new Date(record.modifiedAtMs),
      customerVersion: record.customerVersion,
      generationId: record.generationId,
      validity: {
        notBefore: new Date(record.validity.notBeforeMs),
        notAfter: new Date(record.validity.notAfterMs),
      },
      certificateMode: record.certificateMode,
    },
    ...present({ registrationConfig }),
  })
}

/**
 * UpdateCACertificate: an INACTIVE authority blocks new registrations alone (gateway G91, authz
 * H5). Removing auto-registration ends it together with its template.
 *
 * ResourceNotFoundException, InvalidRequestException.
 */
export function updateCACertificate(
  state: RegistryState,
  input: UpdateCACertificateRequest,
  nowMs: number,
): Outcome<object> {
  const found = findCaCertificate(state, input.certificateId)
  if (!found.ok) return found
  const before = found.value
  const config = registrationConfigOf(state, input.registrationConfig)
  if (!config.ok) return config
  const removes = input.removeAutoRegistration === true
  const asked = input.newAutoRegistrationStatus
  if (removes && (config.value !== undefined || asked === 'ENABLE')) {
    return refuse(
      'InvalidRequestException',
      'Give removeAutoRegistration, or what auto-registration is to be; not both',
    )
  }
  const { registrationConfig, ...rest } = before
  const kept = removes ? undefined : (config.value ?? registrationConfig)
  const after: CaCertificateRecord = {
    ...rest,
    ...present({ registrationConfig: kept }),
    status: input.newStatus ?? before.status,
    autoRegistrationStatus: removes ? 'DISABLE' : (asked ?? before.autoRegistrationStatus),
    modifiedAtMs: nowMs,
    customerVersion: before.customerVersion + 1,
  }
  const { certificateId } = before
  state.certificates.caCertificates.set(certificateId, after)
  state.emit({ kind: 'caCertificate', certificateId, before, after })
  return accept({})
}

/** DeleteCACertificate; CertificateStateException while ACTIVE, ResourceNotFoundException. */
export function deleteCACertificate(
  state: RegistryState,
  input: DeleteCACertificateRequest,
): Outcome<object> {
  const found = findCaCertificate(state, input.certificateId)
  if (!found.ok) return found
  const { certificateArn, certificateId, status } = found.value
  if (status === 'ACTIVE') {
    return refuse(
      'CertificateStateException',
      `CA Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
    )
  }
  state.certificates.caCertificates.delete(certificateId)
  state.tags.byArn.delete(certificateArn)
  state.emit({ kind: 'caCertificate', certificateId, before: found.value })
  return accept({})
}

/** ListCACertificates, by template name if asked; InvalidRequestException for a bad page. */
export function listCACertificates(
  state: RegistryState,
  input: ListCACertificatesRequest,
): Outcome<ListCACertificatesResponse> {
  const { caByAge, caCertificates } = state.certificates
  const { templateName } = input
  const paged = markedPage(
    `ListCACertificates/${templateName ?? ''}`,
    input,
    caByAge,
    (id) => {
      const record = caCertificates.get(id)
      const asked = record?.registrationConfig?.templateName === templateName
      return templateName === undefined || asked ? record : undefined
    },
    caCertificateItem,
  )
  if (!paged.ok) return paged
  const { items, next } = paged.value
  return accept({ certificates: items, ...(next === undefined ? {} : { nextMarker: next }) })
}

function caCertificateItem(record: CaCertificateRecord): CACertificate {
  return {
    certificateArn: record.certificateArn,
    certificateId: record.certificateId,
    status: record.status,
    creationDate: new Date(record.createdAtMs),
  }
}
