/** Job documents as text. */

/** Longest document, bytes (jobs J67). */
const bytesMax = 32_768

/** The document with its members on lines of their own; as it is when it is no JSON. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

/** What is wrong with a document, undefined when nothing is. */
export function documentFault(text: string): string | undefined {
  if (text.trim() === '') return 'Write the document that devices get.'
  if (new TextEncoder().encode(text).length > bytesMax) return 'Larger than 32 KB.'
  try {
    JSON.parse(text)
    return undefined
  } catch (cause) {
    return `Not JSON: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}
