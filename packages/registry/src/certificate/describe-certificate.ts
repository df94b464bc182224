/**
 * DescribeCertificate (gateway G93).
 */
import type {
  DescribeCertificateRequest,
  DescribeCertificateResponse,
  TransferData,
} from '@aws-sdk/client-iot'
import { accept, present, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { TransferRecord } from './certificate-record.ts'
import { findCertificate } from './find-certificate.ts'

/** Everything known of one certificate, or ResourceNotFoundException. */
export function describeCertificate(
  state: RegistryState,
  input: DescribeCertificateRequest,
): Outcome<DescribeCertificateResponse> {
  const found = findCertificate(state, input.certificateId)
  if (!found.ok) return found
  const record = found.value
  const { caCertificateId, transfer, previousOwnedBy } = record
  return accept({
    certificateDescription: {
      certificateArn: record.certificateArn,
      certificateId: record.certificateId,
      ...present({ caCertificateId }),
      status: record.status,
      certificatePem: record.certificatePem,
      ownedBy: state.ports.account.accountId,
      ...present({ previousOwnedBy }),
      creationDate: new Date(record.createdAtMs),
      lastModifiedDate: new Date(record.modifiedAtMs),
      customerVersion: record.customerVersion,
      transferData: transfer === undefined ? {} : transferData(transfer),
      generationId: record.generationId,
      validity: {
        notBefore: new Date(record.validity.notBeforeMs),
        notAfter: new Date(record.validity.notAfterMs),
      },
      certificateMode: record.certificateMode,
    },
  })
}

function transferData(transfer: TransferRecord): TransferData {
  const { message, rejectReason, acceptedAtMs, rejectedAtMs } = transfer
  return {
    ...present({ transferMessage: message, rejectReason }),
    transferDate: new Date(transfer.transferredAtMs),
    ...(acceptedAtMs === undefined ? {} : { acceptDate: new Date(acceptedAtMs) }),
    ...(rejectedAtMs === undefined ? {} : { rejectDate: new Date(rejectedAtMs) }),
  }
}
