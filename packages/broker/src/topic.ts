/**
 * Topic names and filters: what is well-formed and within AWS's limits (gateway G30, G40, G44).
 */
import { limits } from './limits.ts'

/** A filter taken apart: `$share/NAME/FILTER` or a plain one. */
export interface ParsedFilter {
  /** As sent, with `$share/NAME/` when shared. */
  readonly filter: string
  /** undefined when not shared. */
  readonly shareName: string | undefined
  /** What topics are matched against. */
  readonly matching: string
  readonly wildcard: boolean
}

/**
 * Why a topic may not be published to.
 *
 * @returns undefined when it may; otherwise what is wrong, for the log
 */
export function topicNameFault(topic: string): string | undefined {
  if (topic === '') return 'an empty topic'
  if (topic.includes('+') || topic.includes('#')) return 'a topic with a wildcard' // [MQTT-3.3.2-2]
  return sizeFault(topic, '$aws/rules/', 3)
}

/**
 * Takes a filter apart.
 *
 * @returns a text saying what is wrong when it is malformed or above AWS's limits
 */
export function parseFilter(filter: string): ParsedFilter | string {
  let matching = filter
  let shareName: string | undefined
  if (filter.startsWith('$share/')) {
    const end = filter.indexOf('/', 7)
    if (end < 0) return 'a `$share` filter without a filter'
    shareName = filter.slice(7, end)
    matching = filter.slice(end + 1)
    if (shareName === '' || /[+#]/.test(shareName)) return 'an invalid `$share` name'
    if (Array.from(shareName).length > limits.shareNameCharactersMax) {
      return `a \`$share\` name above ${limits.shareNameCharactersMax} characters`
    }
  } else if (filter === '$share') return 'a `$share` filter without a name'
  if (matching === '') return 'an empty filter' // [MQTT-4.7.3-1]
  const fault = sizeFault(matching)
  if (fault !== undefined) return fault
  let wildcard = false
  if (matching.includes('+') || matching.includes('#')) {
    const levels = matching.split('/')
    for (const [index, level] of levels.entries()) {
      if (level === '+' || (level === '#' && index === levels.length - 1)) wildcard = true
      else if (level.includes('+') || level.includes('#')) return 'a misplaced wildcard'
    }
  }
  return { filter, shareName, matching, wildcard }
}

/** Whether a topic matches a filter without `$share/…` (gateway G40: `a/#` does not match `a`). */
export function filterMatches(matching: string, topic: string): boolean {
  if (topic.startsWith('$') && (matching.startsWith('+') || matching.startsWith('#'))) return false
  const filterLevels = matching.split('/')
  const topicLevels = topic.split('/')
  for (const [index, level] of filterLevels.entries()) {
    if (level === '#') return index < topicLevels.length
    const topicLevel = topicLevels[index]
    if (topicLevel === undefined || (level !== '+' && level !== topicLevel)) return false
  }
  return filterLevels.length === topicLevels.length
}

/** @param freeSlashes - slashes that do not count when the text begins with `freePrefix` */
function sizeFault(text: string, freePrefix = '', freeSlashes = 0): string | undefined {
  if (text.length > limits.topicBytesMax || Buffer.byteLength(text) > limits.topicBytesMax) {
    return `a topic above ${limits.topicBytesMax} bytes`
  }
  let slashes = 0
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) slashes++
  const free = slashes > limits.topicSlashesMax && text.startsWith(freePrefix) ? freeSlashes : 0
  if (slashes - free > limits.topicSlashesMax) return 'a topic with more than seven slashes'
  return undefined
}
