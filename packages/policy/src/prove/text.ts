/** UTF-8 → text. */
const decoder = new TextDecoder()

/** Text of UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
