/**
 * Opaque tokens of lists (jobs J89, gateway G73, G82): each names the last entry given out, so that
 * a page costs no more than its entries and every entry that stays is seen exactly once.
 */

/**
 * A token for the page after an entry, in URL-safe base64.
 *
 * @param list - the list and whatever must not change between its pages
 * @param key - what the list is ordered by, of the last entry given out
 */
export function pageToken(list: string, key: string): string {
  const text = encodeURIComponent(key)
  const encoded = btoa(`${checksum(list + text)}${text}`)
  return encoded.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The key inside a token of the same list; undefined for anything else. */
export function keyOfPageToken(list: string, token: string): string | undefined {
  try {
    const decoded = atob(token.replaceAll('-', '+').replaceAll('_', '/'))
    const key = decodeURIComponent(decoded.slice(CHECKSUM_DIGITS))
    return pageToken(list, key) === token ? key : undefined
  } catch {
    return undefined
  }
}

const CHECKSUM_DIGITS = 8

/** FNV-1a, eight hex digits: tells a token from a guess, no more. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(CHECKSUM_DIGITS, '0')
}
