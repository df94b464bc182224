/**
 * Finds the operation of a request: a tree of path segments in which a literal wins over a label
 * and a label over a greedy label.
 */
import { percentDecode } from './percent.ts'
import type { OperationSchema } from './sdk-schemas.ts'

/** Where a request goes, or why nowhere. */
export type Match =
  | {
      readonly kind: 'operation'
      readonly operation: OperationSchema
      /** Path labels, percent-decoded once. */
      readonly labels: Readonly<Record<string, string>>
    }
  /** The path exists under other verbs only. */
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'none' }

interface Leaf {
  readonly operation: OperationSchema
  readonly labels: readonly string[]
  /** `name=value` pairs the URI itself demands. */
  readonly query: readonly (readonly [string, string])[]
}

interface Branch {
  readonly literals: Map<string, Branch>
  label: Branch | undefined
  /** By method: takes the rest of the path, slashes included. */
  readonly greedy: Map<string, Leaf[]>
  /** By method: operations whose path ends here. */
  readonly leaves: Map<string, Leaf[]>
}

/** Labels that take slashes although their URI does not say so: topics (gateway G59). */
export type GreedyLabel = (operation: OperationSchema, label: string) => boolean

/** Routes the operations it was given; never throws, whatever the path. */
export class Router {
  readonly #root: Branch = emptyBranch()

  constructor(operations: readonly OperationSchema[], greedyLabel: GreedyLabel = () => false) {
    for (const operation of operations) this.#add(operation, greedyLabel)
  }

  /**
   * @param path - raw path as received, still percent-encoded, without the query
   * @param query - decoded query, for URIs that carry a literal one
   */
  match(method: string, path: string, query: ReadonlyMap<string, readonly string[]>): Match {
    if (!path.startsWith('/')) return { kind: 'none' }
    const segments = path.slice(1).split('/')
    const allow = new Set<string>()
    const found = walk(this.#root, segments, 0, [], { method, query, allow })
    if (found !== undefined) return found
    return allow.size > 0 ? { kind: 'wrong-method', allow: [...allow] } : { kind: 'none' }
  }

  #add(operation: OperationSchema, greedyLabel: GreedyLabel): void {
    const [pattern = '', literalQuery = ''] = operation.uri.split('?')
    const labels: string[] = []
    const query = literalQuery
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', value = ''] = pair.split('=')
        return [name, value] as const
      })
    let branch = this.#root
    for (const segment of pattern.slice(1).split('/')) {
      const label = /^\{([^+}]+)(\+?)\}$/.exec(segment)
      if (label === null) {
        branch = childOf(branch.literals, segment)
        continue
      }
      const [, name = '', plus = ''] = label
      labels.push(name)
      if (plus === '+' || greedyLabel(operation, name)) {
        push(branch.greedy, operation.method, { operation, labels, query })
        return
      }
      branch.label ??= emptyBranch()
      branch = branch.label
    }
    push(branch.leaves, operation.method, { operation, labels, query })
    if (!operation.trailingSlash) return
    const slashed = childOf(branch.literals, '')
    push(slashed.leaves, operation.method, { operation, labels, query })
  }
}

interface Wanted {
  readonly method: string
  readonly query: ReadonlyMap<string, readonly string[]>
  /** Filled with the methods of paths that matched but for the verb. */
  readonly allow: Set<string>
}

function walk(
  branch: Branch,
  segments: readonly string[],
  index: number,
  values: readonly string[],
  wanted: Wanted,
): Match | undefined {
  if (index === segments.length) return leafOf(branch.leaves, values, wanted)
  const segment = segments[index] ?? ''
  // A literal may arrive encoded: `%24next` (jobs J45).
  const literal = branch.literals.get(percentDecode(segment) ?? segment)
  if (literal !== undefined) {
    const found = walk(literal, segments, index + 1, values, wanted)
    if (found !== undefined) return found
  }
  if (branch.label !== undefined && segment !== '') {
    const found = walk(branch.label, segments, index + 1, [...values, segment], wanted)
    if (found !== undefined) return found
  }
  const rest = branch.greedy.size > 0 ? segments.slice(index).join('/') : ''
  return rest === '' ? undefined : leafOf(branch.greedy, [...values, rest], wanted)
}

function leafOf(
  leaves: ReadonlyMap<string, readonly Leaf[]>,
  values: readonly string[],
  wanted: Wanted,
): Match | undefined {
  for (const leaf of leaves.get(wanted.method) ?? []) {
    if (!leaf.query.every(([name, value]) => wanted.query.get(name)?.includes(value))) continue
    const labels: Record<string, string> = {}
    for (const [index, name] of leaf.labels.entries()) {
      const value = percentDecode(values[index] ?? '')
      if (value === undefined) return undefined
      labels[name] = value
    }
    return { kind: 'operation', operation: leaf.operation, labels }
  }
  for (const method of leaves.keys()) wanted.allow.add(method)
  return undefined
}

function emptyBranch(): Branch {
  return { literals: new Map(), label: undefined, greedy: new Map(), leaves: new Map() }
}

function childOf(children: Map<string, Branch>, key: string): Branch {
  let child = children.get(key)
  if (child === undefined) {
    child = emptyBranch()
    children.set(key, child)
  }
  return child
}

function push(leaves: Map<string, Leaf[]>, method: string, leaf: Leaf): void {
  const list = leaves.get(method)
  if (list === undefined) leaves.set(method, [leaf])
  // Literal queries are tried before none.
  else list.splice(leaf.query.length > 0 ? 0 : list.length, 0, leaf)
}
