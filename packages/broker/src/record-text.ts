/** A record's value as the text that it was written as; a store may give bytes back. */
export function recordText(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString()
}
