/** What can be done with a certificate in each of its states, in AWS's words. */
import type { CertificateStatus } from '@aws-sdk/client-iot'

/** A change that the page offers. */
export interface CertificateChange {
  readonly id:
    | 'activate'
    | 'deactivate'
    | 'revoke'
    | 'delete'
    | 'transfer'
    | 'accept'
    | 'reject'
    | 'cancel'
  readonly text: string
  /** Why it cannot be done now; undefined when it can. */
  readonly refusal: string | undefined
  /** What will happen. */
  readonly consequence: string
}

/** Every change, with those that the state forbids saying why. */
export function certificateChanges(status: CertificateStatus): readonly CertificateChange[] {
  const isPending = status === 'PENDING_TRANSFER'
  const isActive = status === 'ACTIVE'
  const only = (when: boolean, why: string): string | undefined => (when ? undefined : why)
  const changes: readonly CertificateChange[] = [
    {
      id: 'activate',
      text: 'Activate',
      refusal: only(!isActive && !isPending && status !== 'REVOKED', forbidden(status)),
      consequence: 'Whoever holds it may connect again.',
    },
    {
      id: 'deactivate',
      text: 'Deactivate',
      refusal: only(isActive, 'It is not active.'),
      consequence:
        'Whoever is connected with it is cut off, and may not connect until it is active again.',
    },
    {
      id: 'revoke',
      text: 'Revoke',
      refusal: only(status !== 'REVOKED' && !isPending, forbidden(status)),
      consequence:
        'Whoever is connected with it is cut off. AWS reinstates no revoked certificate.',
    },
    {
      id: 'delete',
      text: 'Delete',
      refusal: only(!isActive && !isPending, 'Deactivate it first.'),
      consequence: 'It is gone for good. Detach its things and policies first.',
    },
    {
      id: 'transfer',
      text: 'Transfer to another account',
      refusal: only(!isActive && !isPending, 'Deactivate it first.'),
      consequence: 'The other account has to accept it. Detach its policies and things first.',
    },
  ]
  if (!isPending) return changes
  return [
    {
      id: 'accept',
      text: 'Accept transfer',
      refusal: undefined,
      consequence: 'The certificate becomes this account’s, and active.',
    },
    {
      id: 'reject',
      text: 'Reject transfer',
      refusal: undefined,
      consequence: 'It stays with the account that offered it.',
    },
    {
      id: 'cancel',
      text: 'Cancel transfer',
      refusal: undefined,
      consequence: 'It becomes inactive in this account.',
    },
    ...changes,
  ]
}

function forbidden(status: CertificateStatus): string {
  if (status === 'ACTIVE') return 'It is active.'
  if (status === 'REVOKED') return 'It is revoked.'
  return 'It is being transferred.'
}
