/** MQTT topic filters, as far as a fleet must know them. */

/** Whether a filter takes a topic; `a/#` does not take `a` (gateway G40). */
export function takesTopic(filter: string, topic: string): boolean {
  const [levels, names] = [filter.split('/'), topic.split('/')]
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false
  for (const [place, level] of levels.entries()) {
    if (place >= names.length) return false
    if (level === '#') return true
    if (level !== '+' && level !== names[place]) return false
  }
  return levels.length === names.length
}

/** What is wrong with a filter; undefined where nothing is. */
export function filterMistake(filter: string): string | undefined {
  const levels = filter.split('/')
  const wrong = levels.some(
    (level, place) =>
      (level.includes('#') && (level !== '#' || place < levels.length - 1)) ||
      (level.includes('+') && level !== '+'),
  )
  if (wrong) return '`+` as one whole level, and `#` as the last one'
  return filter.startsWith('$share/') ? 'a filter that is not shared' : undefined
}

interface Node<T> {
  readonly below: Map<string, Node<T>>
  readonly here: T[]
  readonly all: T[]
}

/** Who listens to what. */
export class FilterIndex<T> {
  readonly #root: Node<T> = { below: new Map(), here: [], all: [] }

  add(filter: string, listener: T): void {
    let node = this.#root
    for (const level of filter.split('/')) {
      if (level === '#') {
        node.all.push(listener)
        return
      }
      let next = node.below.get(level)
      if (next === undefined) {
        next = { below: new Map(), here: [], all: [] }
        node.below.set(level, next)
      }
      node = next
    }
    node.here.push(listener)
  }

  /** Each listener once, whose filters take the topic. */
  of(topic: string): ReadonlySet<T> {
    const found = new Set<T>()
    const add = (listeners: readonly T[]): void => {
      for (const listener of listeners) found.add(listener)
    }
    const names = topic.split('/')
    const walk = (node: Node<T>, place: number): void => {
      const isReserved = place === 0 && topic.startsWith('$')
      const name = names[place]
      if (name === undefined) {
        add(node.here)
        return
      }
      if (!isReserved) add(node.all)
      for (const level of isReserved ? [name] : [name, '+']) {
        const next = node.below.get(level)
        if (next !== undefined) walk(next, place + 1)
      }
    }
    walk(this.#root, 0)
    return found
  }
}
