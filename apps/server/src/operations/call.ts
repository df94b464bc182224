import type { DecidedPrincipal } from '../decisions/decided-principal.ts'

/** Who calls: an operator that signed (SigV4) or a device that showed a certificate. */
export type Caller =
  | {
      readonly kind: 'operator'
      /** `arn:aws:iam::123456789012:user/ops` and what kind of principal that is. */
      readonly who: DecidedPrincipal
      readonly accessKeyId: string
    }
  | {
      readonly kind: 'device'
      /** 64 hex characters; the certificate is registered and ACTIVE. */
      readonly certificateId: string
    }

/** What is known of a request besides its input. */
export interface Call {
  readonly caller: Caller
  readonly sourceIp: string
  /** Whether the caller's connection has ended, so that nobody waits for the answer. */
  readonly isGone: () => boolean
}
