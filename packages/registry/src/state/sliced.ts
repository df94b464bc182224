/**
 * Work on a large fleet in short steps, so that nobody waits for all of it: whoever drives the work
 * lets others run between two steps, and what was read before may be changed by then.
 */

/** Work that pauses at each `yield`; what it returns is its result. */
export type Sliced<Value> = Generator<undefined, Value, undefined>

/** Does all of it now. */
export function atOnce<Value>(work: Sliced<Value>): Value {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** Keys of one step: about a millisecond of judging things. */
const KEYS_PER_STEP = 500

/**
 * Visits keys in their order, each once; ones that come or go between two steps are seen or not.
 *
 * @param keysAfter - the keys after the given one; asked again for each step
 * @param visit - says whether to go on
 */
export function* walkInSteps(
  keysAfter: (last: string | undefined) => Iterable<string>,
  visit: (key: string) => boolean,
  from?: string,
): Sliced<void> {
  let last = from
  for (;;) {
    let count = 0
    let isWhole = true
    for (const key of keysAfter(last)) {
      if (count === KEYS_PER_STEP) {
        isWhole = false
        break
      }
      if (!visit(key)) return
      count += 1
      last = key
    }
    if (isWhole) return
    yield
  }
}

/** Sorts in steps: pieces first, then pieces merged two by two. The array stays as it is. */
export function* sortInSteps<Item>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Sliced<Item[]> {
  let pieces: Item[][] = []
  for (let from = 0; from < items.length; from += KEYS_PER_STEP) {
    pieces.push(items.slice(from, from + KEYS_PER_STEP).sort(compare))
    yield
  }
  while (pieces.length > 1) {
    const merged: Item[][] = []
    for (let at = 0; at < pieces.length; at += 2) {
      merged.push(yield* merge(pieces[at] ?? [], pieces[at + 1] ?? [], compare))
    }
    pieces = merged
  }
  return pieces[0] ?? []
}

function* merge<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Sliced<Item[]> {
  const merged: Item[] = []
  let one = 0
  let other = 0
  while (one < left.length || other < right.length) {
    const takesLeft =
      other >= right.length ||
      (one < left.length && compare(left[one] as Item, right[other] as Item) <= 0)
    merged.push((takesLeft ? left[one++] : right[other++]) as Item)
    if (merged.length % KEYS_PER_STEP === 0) yield
  }
  return merged
}
