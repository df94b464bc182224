/**
 * Several sorted sets walked as one.
 */
import type { SortedNames } from './sorted-names.ts'

/** Names of all sets after `last`, ascending, each once. */
export function* mergedAfter(
  sets: readonly SortedNames[],
  last: string | undefined,
): Generator<string, void, undefined> {
  const [only] = sets
  if (sets.length === 1 && only !== undefined) {
    yield* only.after(last)
    return
  }
  const walks: { walk: Generator<string, void, undefined>; name: string }[] = []
  for (const set of sets) {
    const walk = set.after(last)
    const first = walk.next()
    if (first.done !== true) walks.push({ walk, name: first.value })
  }
  while (walks.length > 0) {
    const least = walks.reduce((one, other) => (other.name < one.name ? other : one)).name
    yield least
    for (let at = walks.length - 1; at >= 0; at -= 1) {
      const entry = walks[at] as (typeof walks)[number]
      if (entry.name !== least) continue
      const next = entry.walk.next()
      if (next.done === true) walks.splice(at, 1)
      else entry.name = next.value
    }
  }
}
