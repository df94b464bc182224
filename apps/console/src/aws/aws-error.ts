/** Turns whatever a call threw into words for an operator. */

/** What went wrong, for people. */
export interface ErrorInWords {
  /** AWS's exception name: `ResourceNotFoundException`; or `NetworkError`. */
  readonly name: string
  readonly message: string
  /** What to do about it, when that is known. */
  readonly hint?: string
}

interface ServiceFault {
  readonly name: string
  readonly message: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const hints: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'The access key is not known there: sign out and use another one.',
  InvalidSignatureException: 'Check the secret key, the region and this computer’s clock.',
  ExpiredTokenException: 'The temporary credentials have expired: sign in again.',
  AccessDeniedException: 'The operator’s IAM policy does not allow this call.',
  AccessDenied:
    'The role’s trust policy, or the IAM policies of these keys, do not allow sts:AssumeRole.',
  ThrottlingException: 'Too many calls at once: it is tried again by itself.',
}

/** Reads an error thrown by the AWS SDK, by fetch, or by anything else. */
export function errorInWords(thrown: unknown): ErrorInWords {
  if (!isFault(thrown)) return { name: 'Error', message: String(thrown) }
  if (thrown.$metadata?.httpStatusCode === 501) {
    return {
      name: 'NotImplemented',
      message: 'This server does not implement the operation.',
      hint: thrown.message,
    }
  }
  if (thrown.name === 'TypeError' || thrown.name === 'TimeoutError') {
    return {
      name: 'NetworkError',
      message: 'The endpoint did not answer.',
      hint: 'Is the server running, and does it allow calls from this page’s origin?',
    }
  }
  const hint = hints[thrown.name]
  return { name: thrown.name, message: thrown.message, ...(hint === undefined ? {} : { hint }) }
}

function isFault(thrown: unknown): thrown is ServiceFault {
  return thrown instanceof Error
}
