/**
 * Placeholders in job documents: `${aws:iot:KIND:REST}` and, inside of uploads, `${thingName}`
 * (jobs J103 to J106, J129, J130).
 */

/** One `${aws:iot:…}` of a document. */
export interface Placeholder {
  /** Where it begins and ends in the text. */
  readonly start: number
  readonly end: number
  /** `s3-presigned-url-v2`, `parameter`, `package`. */
  readonly kind: string
  /** What follows the kind's colon. */
  readonly rest: string
}

/** What a document holds. */
export interface DocumentPlaceholders {
  readonly placeholders: readonly Placeholder[]
  /** Local ones outside of every other: `${thingName}`. */
  readonly strayed: readonly string[]
  /** Whether one of them does not end within its string. */
  readonly isUnterminated: boolean
}

const START = '${aws:iot:'
/** Names that an upload's key may hold (jobs J129). */
export const LOCAL_NAMES = ['thingName', 'jobId', 'executionNumber'] as const
const LOCAL = /^\$\{(?:thingName|jobId|executionNumber)\}/

/** Finds all placeholders of a document, in order. */
export function placeholdersOf(document: string): DocumentPlaceholders {
  const placeholders: Placeholder[] = []
  const strayed: string[] = []
  let from = document.indexOf('${')
  while (from >= 0) {
    let next = from + 2
    if (document.startsWith(START, from)) {
      const end = endOf(document, from)
      if (end === undefined) return { placeholders, strayed, isUnterminated: true }
      const [kind = '', ...rest] = document.slice(from + START.length, end - 1).split(':')
      placeholders.push({ start: from, end, kind, rest: rest.join(':') })
      next = end
    } else {
      const [local] = LOCAL.exec(document.slice(from, from + 32)) ?? []
      if (local !== undefined) strayed.push(local)
    }
    from = document.indexOf('${', next)
  }
  return { placeholders, strayed, isUnterminated: false }
}

/** The document with each placeholder replaced; undefined leaves it as it is. */
export function replacePlaceholders(
  document: string,
  replace: (placeholder: Placeholder) => string | undefined,
): string {
  let text = ''
  let done = 0
  for (const placeholder of placeholdersOf(document).placeholders) {
    const replaced = replace(placeholder)
    if (replaced === undefined) continue
    text += document.slice(done, placeholder.start) + replaced
    done = placeholder.end
  }
  return text + document.slice(done)
}

/** Behind the brace that closes a placeholder, which may hold others; its string ends it, too. */
function endOf(document: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < document.length; at += 1) {
    const character = document[at]
    if (character === '"') return undefined
    if (character === '$' && document[at + 1] === '{') depth += 1
    if (character === '}') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}
