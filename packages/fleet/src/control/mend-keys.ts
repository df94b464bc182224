/** What to do about keys, which AWS and its SDK do not say. */

const KNOWN_KEY =
  'set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY to a key in the --iam file, where the server has one'

/** AWS's words for a key that it does not know: of STS, and of the others. */
const UNKNOWN: ReadonlySet<unknown> = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
])

/**
 * What mends a request that had no keys, or keys that nobody knows.
 *
 * @param name - AWS's exception, or the SDK's error
 * @param profile - of AWS, that was to have the keys
 * @returns undefined where keys are not what is wrong
 */
export function mendKeys(name: unknown, profile?: string): string | undefined {
  if (isUnknownKey(name)) return KNOWN_KEY
  if (name !== 'CredentialsProviderError') return undefined
  return profile === undefined
    ? 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has keys'
    : `look for the profile \`${profile}\` in AWS’s configuration files`
}

/** Whether the server does not know the key that signed. */
export function isUnknownKey(name: unknown): boolean {
  return UNKNOWN.has(name)
}
