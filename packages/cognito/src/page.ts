/** Tokens of pages: opaque to callers, and only good for the list they came from. */
import { accept, keyOfPageToken } from '@muster/model'
import { refused, type CognitoOutcome } from './cognito-code.ts'

export { pageToken } from '@muster/model'

/**
 * The entry after which a page begins.
 *
 * Refuses with `InvalidParameterException` what is no token of this list.
 */
export function pageAfter(
  list: string,
  token: string | undefined,
): CognitoOutcome<string | undefined> {
  if (token === undefined) return accept(undefined)
  const after = keyOfPageToken(list, token)
  return after === undefined
    ? refused('InvalidParameterException', 'Invalid pagination token')
    : accept(after)
}
