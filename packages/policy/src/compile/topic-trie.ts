/**
 * All topic patterns of one action in one trie, so that a decision walks the topic once however
 * many statements there are. Edges are literal bytes or variables; what follows a wildcard hangs
 * on the node where the wildcard stands.
 */
import type { Token } from './template.ts'

/** What a matched pattern leads to. */
export interface Terminal {
  /** {@link allowEffect} or {@link denyEffect}. */
  readonly effect: number
  /** Statement of the set whose conditions must hold; -1: none to check. */
  readonly statement: number
}

export const allowEffect = 1
export const denyEffect = 2

/** What is left of a pattern from a wildcard on. */
export interface Tail {
  readonly tokens: readonly Token[]
  /** For `*` and literal text: matching is one comparison at the end. */
  readonly suffix: Uint8Array | undefined
  readonly terminal: Terminal
}

/** A place in the trie. */
export interface TrieNode {
  /** Bytes of the edge that leads here. */
  label: Uint8Array
  /** Effects of unconditional patterns that end here. */
  endEffects: number
  /** Effects of unconditional patterns that end here with `*`. */
  starEffects: number
  readonly ends: Terminal[]
  readonly stars: Terminal[]
  /** Patterns that go on with a wildcard that is not their last token. */
  readonly tails: Tail[]
  readonly variables: { readonly index: number; readonly node: TrieNode }[]
  readonly children: TrieNode[]
  /** First byte of each child's label, in the order of `children`. */
  firstBytes: Uint8Array
  /** With many children: position in `children` plus one, by first byte. */
  table: Uint8Array | undefined
  /** Whether anything but literal edges is here. */
  plain: boolean
}

/** Children beyond which a table beats a scan. */
const scanMax = 6

/** A node with nothing on it. */
export function emptyNode(label: Uint8Array): TrieNode {
  return {
    label,
    endEffects: 0,
    starEffects: 0,
    ends: [],
    stars: [],
    tails: [],
    variables: [],
    children: [],
    firstBytes: new Uint8Array(0),
    table: undefined,
    plain: true,
  }
}

/** Adds a pattern below `root`. */
export function insertPattern(root: TrieNode, tokens: readonly Token[], terminal: Terminal): void {
  let node = root
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'text') {
      node = insertText(node, token.bytes)
    } else if (token.type === 'variable') {
      node = variableChild(node, token.index)
    } else {
      node.plain = false
      if (token.type === 'any' && index === tokens.length - 1) {
        if (terminal.statement < 0) node.starEffects |= terminal.effect
        else node.stars.push(terminal)
      } else if (token.type !== 'never') {
        const rest = tokens.slice(index)
        const second = rest.length === 2 ? rest[1] : undefined
        const suffix = token.type === 'any' && second?.type === 'text' ? second.bytes : undefined
        node.tails.push({ tokens: rest, suffix, terminal })
      }
      return
    }
  }
  node.plain = false
  if (terminal.statement < 0) node.endEffects |= terminal.effect
  else node.ends.push(terminal)
}

function variableChild(node: TrieNode, index: number): TrieNode {
  const known = node.variables.find((variable) => variable.index === index)
  if (known !== undefined) return known.node
  const child = emptyNode(new Uint8Array(0))
  node.variables.push({ index, node: child })
  node.plain = false
  return child
}

function insertText(start: TrieNode, text: Uint8Array): TrieNode {
  let node = start
  let rest = text
  while (rest.length > 0) {
    const position = node.firstBytes.indexOf(rest[0] ?? 0)
    const child = node.children[position]
    if (child === undefined) {
      const leaf = emptyNode(rest)
      addChild(node, leaf)
      return leaf
    }
    const shared = sharedLength(child.label, rest)
    if (shared < child.label.length) {
      const middle = emptyNode(child.label.slice(0, shared))
      child.label = child.label.slice(shared)
      addChild(middle, child)
      node.children[position] = middle
      node = middle
    } else {
      node = child
    }
    rest = rest.slice(shared)
  }
  return node
}

function addChild(node: TrieNode, child: TrieNode): void {
  node.children.push(child)
  const first = child.label[0] ?? 0
  node.firstBytes = Uint8Array.of(...node.firstBytes, first)
  if (node.children.length > scanMax) {
    node.table ??= new Uint8Array(256)
    for (const [index, byte] of node.firstBytes.entries()) node.table[byte] = index + 1
  }
}

function sharedLength(left: Uint8Array, right: Uint8Array): number {
  const most = Math.min(left.length, right.length)
  let length = 0
  while (length < most && left[length] === right[length]) length += 1
  return length
}

/**
 * What is left of a pattern once `prefix` is consumed: one pattern for each way the wildcards can
 * consume it.
 *
 * @returns undefined when a variable stands within the prefix: what is left depends on its value
 */
export function withoutPrefix(
  tokens: readonly Token[],
  prefix: Uint8Array,
): readonly (readonly Token[])[] | undefined {
  const residuals: Token[][] = []
  const seen = new Set<string>()
  let dependent = false
  const visit = (index: number, offset: number, at: number): void => {
    const state = `${index},${offset},${at}`
    if (seen.has(state)) return
    seen.add(state)
    const token = tokens[index]
    if (at === prefix.length) {
      residuals.push(remaining(tokens, index, offset))
    } else if (token?.type === 'text') {
      if (token.bytes[offset] !== prefix[at]) return
      if (offset + 1 < token.bytes.length) visit(index, offset + 1, at + 1)
      else visit(index + 1, 0, at + 1)
    } else if (token?.type === 'any') {
      visit(index, 0, at + 1)
      visit(index + 1, 0, at)
    } else if (token?.type === 'one') {
      visit(index + 1, 0, at + 1)
    } else if (token?.type === 'variable') {
      dependent = true
    }
  }
  visit(0, 0, 0)
  return dependent ? undefined : residuals
}

function remaining(tokens: readonly Token[], index: number, offset: number): Token[] {
  const rest = tokens.slice(index)
  const first = rest[0]
  if (offset > 0 && first?.type === 'text') {
    const bytes = first.bytes.slice(offset)
    rest[0] = { type: 'text', text: new TextDecoder().decode(bytes), bytes }
  }
  return rest
}
