/** What all clients have in common: names in the account, and how long they wait. */

/** How long an answer may take before a client begins anew, milliseconds. */
export const TIMEOUT_MS = 5_000
/** How long a client rests after a failure, milliseconds. */
export const RETRY_MS = 40
/** How long a client rests when there is nothing to do, milliseconds. */
export const REST_MS = 30

/** Keys of the account: a kind, and names that hold no blank. */
export const executionKey = (jobId: string, thingName: string): string =>
  `execution ${jobId} ${thingName}`
export const jobKey = (jobId: string): string => `job ${jobId}`
export const thingKey = (thingName: string): string => `thing ${thingName}`
export const retainedKey = (topic: string): string => `retained ${topic}`
export const shadowKey = (thingName: string): string => `shadow ${thingName}`
export const messageKey = (id: string): string => `message ${id}`
