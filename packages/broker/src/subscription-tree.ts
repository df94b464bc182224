/**
 * Which subscriptions a topic reaches. Filters without wildcards are one map lookup; the others
 * stand in a tree by level, so that a publish costs what it matches, not what the fleet holds.
 */

interface Node<Leaf> {
  readonly children: Map<string, Node<Leaf>>
  /** Filters that end here. */
  leaf: Leaf | undefined
  /** Filters that end with `#` below here. */
  hashLeaf: Leaf | undefined
}

/** Maps filters to leaves; a leaf is whatever the caller keeps for one filter. */
export class SubscriptionTree<Leaf> {
  readonly #exact = new Map<string, Leaf>()
  readonly #root: Node<Leaf> = node()
  #wildcards = 0

  get(matching: string): Leaf | undefined {
    if (!isWildcard(matching)) return this.#exact.get(matching)
    let at: Node<Leaf> | undefined = this.#root
    for (const level of matching.split('/')) {
      if (level === '#') return at.hashLeaf
      at = at.children.get(level)
      if (at === undefined) return undefined
    }
    return at.leaf
  }

  set(matching: string, leaf: Leaf): void {
    if (!isWildcard(matching)) {
      this.#exact.set(matching, leaf)
      return
    }
    this.#wildcards++
    let at = this.#root
    for (const level of matching.split('/')) {
      if (level === '#') {
        at.hashLeaf = leaf
        return
      }
      let child = at.children.get(level)
      if (child === undefined) {
        child = node()
        at.children.set(level, child)
      }
      at = child
    }
    at.leaf = leaf
  }

  delete(matching: string): void {
    if (!isWildcard(matching)) {
      this.#exact.delete(matching)
      return
    }
    this.#wildcards--
    const levels = matching.split('/')
    const path: Node<Leaf>[] = [this.#root]
    for (const level of levels) {
      const at = path.at(-1)
      if (at === undefined || level === '#') break
      const child = at.children.get(level)
      if (child === undefined) return
      path.push(child)
    }
    const last = path.at(-1)
    if (last === undefined) return
    if (levels.at(-1) === '#') last.hashLeaf = undefined
    else last.leaf = undefined
    for (let depth = path.length - 1; depth > 0; depth--) {
      const at = path[depth]
      if (at === undefined || at.children.size > 0) return
      if (at.leaf !== undefined || at.hashLeaf !== undefined) return
      path[depth - 1]?.children.delete(levels[depth - 1] ?? '')
    }
  }

  /** Calls `found` with the leaf of each filter that matches; `a/#` does not match `a` (G40). */
  match(topic: string, found: (leaf: Leaf) => void): void {
    const exact = this.#exact.get(topic)
    if (exact !== undefined) found(exact)
    if (this.#wildcards > 0) this.#walk(this.#root, topic, 0, found)
  }

  /** Whether any filter matches. */
  reaches(topic: string): boolean {
    let reached = false
    this.match(topic, () => {
      reached = true
    })
    return reached
  }

  #walk(at: Node<Leaf>, topic: string, start: number, found: (leaf: Leaf) => void): void {
    // Wildcards at the first level never match `$` topics [MQTT-4.7.2-1].
    const wild = start > 0 || topic.charCodeAt(0) !== 36
    if (wild && at.hashLeaf !== undefined) found(at.hashLeaf)
    if (at.children.size === 0) return
    const slash = topic.indexOf('/', start)
    const level = slash < 0 ? topic.slice(start) : topic.slice(start, slash)
    const literal = at.children.get(level)
    if (literal !== undefined) this.#step(literal, topic, slash, found)
    const plus = wild ? at.children.get('+') : undefined
    if (plus !== undefined) this.#step(plus, topic, slash, found)
  }

  #step(at: Node<Leaf>, topic: string, slash: number, found: (leaf: Leaf) => void): void {
    if (slash >= 0) this.#walk(at, topic, slash + 1, found)
    else if (at.leaf !== undefined) found(at.leaf)
  }
}

function isWildcard(matching: string): boolean {
  return matching.includes('+') || matching.includes('#')
}

function node<Leaf>(): Node<Leaf> {
  return { children: new Map(), leaf: undefined, hashLeaf: undefined }
}
