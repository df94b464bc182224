/** Context keys of the request itself (identities I22), beside those of whoever asks. */
import type { Account } from '@muster/model'
import type { IdentityKeys } from './identity-keys.ts'

/** How a request came; what is undefined is not known, and its key is absent. */
export interface RequestTransport {
  /** Whether its listener speaks TLS. */
  readonly secureTransport?: boolean | undefined
  /** Its `User-Agent` header. */
  readonly userAgent?: string | undefined
}

/** The keys; time and address are no keys but members of a policy's context. */
export function keysOfRequest(
  { region }: Pick<Account, 'region'>,
  { secureTransport, userAgent }: RequestTransport,
): IdentityKeys {
  return {
    'aws:RequestedRegion': region,
    // No AWS service calls on a caller's behalf here.
    'aws:ViaAWSService': 'false',
    ...(secureTransport === undefined ? {} : { 'aws:SecureTransport': String(secureTransport) }),
    ...(userAgent === undefined ? {} : { 'aws:UserAgent': userAgent }),
  }
}
