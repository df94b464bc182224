/** A telemetry message. */

/**
 * JSON that tells when it was sent, filled up to a size.
 *
 * @param bytes - of the whole message; one without room for it is as short as it can be
 */
export function telemetry(sentAtMs: number, bytes: number): string {
  const empty = JSON.stringify({ sentAtMs, filler: '' })
  return JSON.stringify({ sentAtMs, filler: 'x'.repeat(Math.max(0, bytes - empty.length)) })
}
