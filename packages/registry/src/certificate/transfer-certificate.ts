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
import { accept, invalidRequest, present, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateRecord, TransferRecord } from './certificate-record.ts'
import { findCertificate } from './find-certificate.ts'
import { changeCertificate } from './update-certificate.ts'

/**
 * TransferCertificate: not ACTIVE, without policies and things, becomes PENDING_TRANSFER.
 *
 * CertificateStateException while ACTIVE or offered already, TransferConflictException for
 * attachments, ResourceNotFoundException.
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
  if (status === 'ACTIVE' || status === 'PENDING_TRANSFER') {
    return refuse('CertificateStateException', `The certificate must not be ${status}`)
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
    ...present({ message: transferMessage }),
    transferredAtMs: nowMs,
    ...(status === 'REVOKED' ? { revoked: true } : {}),
  }
  changeCertificate(state, record, { status: 'PENDING_TRANSFER', transfer }, nowMs)
  return accept({ transferredCertificateArn: certificateArn })
}

/**
 * CancelCertificateTransfer: ends INACTIVE, or REVOKED as before. TransferAlreadyCompletedException
 * when none is open.
 */
export function cancelCertificateTransfer(
  state: RegistryState,
  input: CancelCertificateTransferRequest,
  nowMs: number,
): Outcome<object> {
  const open = openTransfer(state, input.certificateId)
  if (!open.ok) return open
  const { record, transfer } = open.value
  changeCertificate(state, record, { status: statusAfter(transfer) }, nowMs)
  return accept({})
}

/**
 * AcceptCertificateTransfer: ends INACTIVE, or ACTIVE by `setAsActive`; a REVOKED one stays so, and
 * asking for ACTIVE is InvalidRequestException. Only for transfers to this very account: another
 * account's acceptance cannot happen here.
 */
export function acceptCertificateTransfer(
  state: RegistryState,
  input: AcceptCertificateTransferRequest,
  nowMs: number,
): Outcome<object> {
  const open = incomingTransfer(state, input.certificateId)
  if (!open.ok) return open
  const { record, transfer } = open.value
  const status = statusAfter(transfer)
  const setAsActive = input.setAsActive === true
  if (setAsActive && status === 'REVOKED') {
    return invalidRequest('A revoked certificate stays revoked')
  }
  changeCertificate(
    state,
    record,
    {
      status: setAsActive ? 'ACTIVE' : status,
      transfer: { ...transfer, acceptedAtMs: nowMs },
      previousOwnedBy: state.ports.account.accountId,
    },
    nowMs,
  )
  return accept({})
}

/** RejectCertificateTransfer: ends INACTIVE, or REVOKED as before; limits as {@link acceptCertificateTransfer}. */
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
    ...present({ rejectReason }),
    rejectedAtMs: nowMs,
  }
  changeCertificate(state, record, { status: statusAfter(transfer), transfer: rejected }, nowMs)
  return accept({})
}

/** What a transfer leaves the certificate as, whoever ends it: REVOKED is final (gateway A9). */
function statusAfter(transfer: TransferRecord): 'INACTIVE' | 'REVOKED' {
  return transfer.revoked === true ? 'REVOKED' : 'INACTIVE'
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
