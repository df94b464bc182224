/** How a request can go, and how an answer over HTTPS tells it. */

/** Each request has one of these. Only `allowed` and `deniedExpected` went as they were to. */
export type Outcome =
  | 'allowed'
  | 'deniedExpected'
  | 'deniedUnexpected'
  | 'allowedUnexpected'
  | 'throttled'
  | 'errors'
  | 'timeouts'

/** A request without an answer for so long is given up. */
export const ANSWER_MS_MAX = 10_000

/** Of k6's error codes the one of a request that was given up. */
const K6_REQUEST_TIMEOUT = 1050

/**
 * Judges an answer over HTTPS.
 *
 * @param answer - status 0 and an error code when there was none
 * @param forbidden - whether the policy forbids the request
 */
export function outcomeOf(
  answer: { readonly status: number; readonly error_code: number },
  forbidden: boolean,
): Outcome {
  const { status, error_code: code } = answer
  if (status === 0) return code === K6_REQUEST_TIMEOUT ? 'timeouts' : 'errors'
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return denied(forbidden)
  if (status >= 200 && status < 300) return allowed(forbidden)
  // It is looked at whether a request may be made before whether there is what it asks for.
  return forbidden && status < 500 ? 'allowedUnexpected' : 'errors'
}

/** A request that was carried out. */
export function allowed(forbidden: boolean): Outcome {
  return forbidden ? 'allowedUnexpected' : 'allowed'
}

/** A request that was denied. */
export function denied(forbidden: boolean): Outcome {
  return forbidden ? 'deniedExpected' : 'deniedUnexpected'
}

/** One decision to ask for. */
export interface Decision {
  readonly forbidden: boolean
  /** Counts the decisions of its kind, forbidden or not: kinds of requests take turns by it. */
  readonly ordinal: number
}

/**
 * The decision of an iteration: forbidden ones lie evenly among the others, so that every stretch of a
 * run has the share.
 *
 * @param iteration - from 0
 * @param share - 0 to 1
 */
export function decisionAt(iteration: number, share: number): Decision {
  // A hair above: five times a fifth is to be one.
  const before = Math.floor(iteration * share + 1e-9)
  const forbidden = Math.floor((iteration + 1) * share + 1e-9) > before
  return { forbidden, ordinal: forbidden ? before : iteration - before }
}
