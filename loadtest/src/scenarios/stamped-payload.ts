/** Payloads that tell when they were to be sent, so that whoever receives them knows how long it took. */

const STAMP_BYTES = 8
const FILLER = Buffer.alloc(128 * 1024, 'x')

/** @param bytes - the whole payload's length, from 8 */
export function stampedPayload(intendedMs: number, bytes = 64): Buffer {
  const payload = Buffer.allocUnsafe(bytes)
  payload.writeDoubleBE(intendedMs, 0)
  FILLER.copy(payload, STAMP_BYTES, 0, bytes - STAMP_BYTES)
  return payload
}

/** When it was to be sent; undefined for what is no such payload. */
export function stampOf(payload: Buffer): number | undefined {
  return payload.length < STAMP_BYTES ? undefined : payload.readDoubleBE(0)
}
