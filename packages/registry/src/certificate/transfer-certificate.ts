/**
 * Transfers of certificates between accounts (gateway G95, authz H6), as far as one account sees
 * them: offered and taken back; accepted and rejected when the account is its own target.
 */
import type {
  AcceptCertificateTransferRequest,
  CancelCertificateTransferRequest,
  RejectCertificateTransferRequest,
  TransferCertificateRequest,
  TransferCertificateResponse,
} from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateRecord, TransferRecord } from './certificate-record.ts'
import { findCertificate } from './find-certificate.ts'
import { changeCertificate } from './update-certificate.ts'

/**
 * TransferCertificate: INACTIVE, without policies and things, becomes PENDING_TRANSFER.
 *
 * CertificateStateException for another state, TransferConflictException for attachments,
 * ResourceNotFoundException.
 */
export function transferCertificate(
  state: RegistryState,
  input: TransferCertificateRequest,
  nowMs: number,
): Outcome<TransferCertificateResponse> {
  const found = findCertificate(state, input.certificateId)
  if (!found.ok) return found
  const record = found.value
  const { certificateArn, status } = record
  if (status !== 'INACTIVE') {
    return refuse('CertificateStateException', `The certificate must be INACTIVE; it is ${status}`)
  }
  if (
    state.policies.policies(certificateArn).length > 0 ||
    state.principals.things(certificateArn).length > 0
  ) {
    return refuse('TransferConflictException', 'Policies and things must be detached first')
  }
  const { targetAwsAccount = '', transferMessage } = input
  const transfer: TransferRecord = {
    targetAccountId: targetAwsAccount,
    ...(transferMessage === undefined ? {} : { message: transferMessage }),
    transferredAtMs: nowMs,
  }
  changeCertificate(state, record, { status: 'PENDING_TRANSFER', transfer }, nowMs)
  return accept({ transferredCertificateArn: certificateArn })
}

/** CancelCertificateTransfer: ends INACTIVE. TransferAlreadyCompletedException when none is open. */
export function cancelCertificateTransfer(
  state: RegistryState,
  input: CancelCertificateTransferRequest,
  nowMs: number,
): Outcome<object> {
  const open = openTransfer(state, input.certificateId)
  if (!open.ok) return open
  changeCertificate(state, open.value.record, { status: 'INACTIVE' }, nowMs)
  return accept({})
}

/**
 * AcceptCertificateTransfer: ends INACTIVE, or ACTIVE by `setAsActive`. Only for transfers to this
 * very account: another account's acceptance cannot happen here.
 */
export function acceptCertificateTransfer(
  state: RegistryState,
  input: AcceptCertificateTransferRequest,
  nowMs: number,
): Outcome<object> {
  const open = incomingTransfer(state, input.certificateId)
  if (!open.ok) return open
  const { record, transfer } = open.value
  changeCertificate(
    state,
    record,
    {
      status: input.setAsActive === true ? 'ACTIVE' : 'INACTIVE',
      transfer: { ...transfer, acceptedAtMs: nowMs },
      previousOwnedBy: state.ports.account.accountId,
    },
    nowMs,
  )
  return accept({})
}

/** RejectCertificateTransfer: ends INACTIVE; limits as {@link acceptCertificateTransfer}. */
export function rejectCertificateTransfer(
  state: RegistryState,
  input: RejectCertificateTransferRequest,
  nowMs: number,
): Outcome<object> {
  const open = incomingTransfer(state, input.certificateId)
  if (!open.ok) return open
  const { record, transfer } = open.value
  const { rejectReason } = input
  const rejected: TransferRecord = {
    ...transfer,
    ...(rejectReason === undefined ? {} : { rejectReason }),
    rejectedAtMs: nowMs,
  }
  changeCertificate(state, record, { status: 'INACTIVE', transfer: rejected }, nowMs)
  return accept({})
}

interface OpenTransfer {
  readonly record: CertificateRecord
  readonly transfer: TransferRecord
}

function openTransfer(state: RegistryState, id: string | undefined): Outcome<OpenTransfer> {
  const found = findCertificate(state, id)
  if (!found.ok) return found
  const record = found.value
  if (record.status !== 'PENDING_TRANSFER' || record.transfer === undefined) {
    return refuse('TransferAlreadyCompletedException', 'No transfer of the certificate is open')
  }
  return accept({ record, transfer: record.transfer })
}

function incomingTransfer(state: RegistryState, id: string | undefined): Outcome<OpenTransfer> {
  const open = openTransfer(state, id)
  if (!open.ok) return open
  const { targetAccountId } = open.value.transfer
  if (targetAccountId === state.ports.account.accountId) return open
  return refuse(
    'ResourceNotFoundException',
    `No transfer to this account is open; the certificate was offered to ${targetAccountId}`,
  )
}
