/** Metrics that the scripts record beside k6's own, by what they mean. */
export const METRICS = {
  /** Counter: requests that left, answered or not. */
  sent: 'muster_sent',
  /** Counter: requests that were to be allowed, and were. */
  allowed: 'muster_allowed',
  /** Counter: requests that were to be denied, and were. They are no errors. */
  deniedExpected: 'muster_denied_expected',
  /** Counter: requests that were to be allowed, and were denied. */
  deniedUnexpected: 'muster_denied_unexpected',
  /** Counter: requests that were to be denied, and were allowed. */
  allowedUnexpected: 'muster_allowed_unexpected',
  /** Counter: requests above a rate that the server allows. */
  throttled: 'muster_throttled',
  /** Counter: anything else than an answer in time: refused connections, 500, malformed input. */
  errors: 'muster_errors',
  /** Counter: requests without an answer for ten seconds. */
  timeouts: 'muster_timeouts',
  /** Counter: requests of a held connection's pace that could not be sent in their second. */
  notOffered: 'muster_not_offered',
  /** Counter: jobs taken from QUEUED to SUCCEEDED. */
  lifecycles: 'muster_lifecycles',
  /** Counter: own messages that came back to a subscription. */
  delivered: 'muster_delivered',
  /** Rate of requests that went otherwise than they were to. */
  failed: 'muster_failed',
  /** Trend, milliseconds: from request to answer, allowed or denied as it was to be. */
  answerMs: 'muster_answer_ms',
  /** Trend, milliseconds: from hearing of a job to the answer that it has succeeded. */
  lifecycleMs: 'muster_lifecycle_ms',
  /** Trend, milliseconds: from publish to delivery. */
  deliveryMs: 'muster_delivery_ms',
} as const
