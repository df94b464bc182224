/** Misspelt names and what was meant. */

/** More edits than this make another word. */
const EDITS_MAX = 2

/**
 * How many single-character edits lie between two words, two swapped neighbours counting as one.
 *
 * @param max - distances above it are reported as `max`
 */
export function editDistance(left: string, right: string, max: number): number {
  if (Math.abs(left.length - right.length) >= max) return max
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      let cost = Math.min(
        (last[column] ?? max) + 1,
        (current[column - 1] ?? max) + 1,
        (last[column - 1] ?? max) + (same ? 0 : 1),
      )
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (row > 1 && column > 1 && swapped)
        cost = Math.min(cost, (beforeLast[column - 2] ?? max) + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return Math.min(last[right.length] ?? max, max)
}

/**
 * The name that was probably meant: the closest that at most two edits make, whatever its case.
 *
 * @returns undefined when none is that close, also when `word` is one of the names itself
 */
export function likelyName(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase()
  let found: string | undefined
  let least = EDITS_MAX + 1
  for (const name of names) {
    const distance = editDistance(name.toLowerCase(), lower, least)
    if (distance < least && name !== word) {
      found = name
      least = distance
    }
  }
  return found
}
