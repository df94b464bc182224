/**
 * Counts the blocks of a program as they run: each way that a branch can go, each body of a function or a
 * loop adds one to a counter of its own. The inspector's precise coverage says the same, but takes
 * milliseconds to be asked; these counters cost an addition each, and their sum is the work that was done.
 */
import { stripTypeScriptTypes } from 'node:module'
import { parseSync, Visitor, type ESTree } from 'rolldown/utils'

/** A program that counts. */
export interface Instrumented {
  readonly code: string
  /** Where in the source each block begins, by its number. */
  readonly blocks: readonly number[]
  /** Text in the source that a reader may compare with what it reads. */
  readonly words: readonly string[]
}

/** What the counters are called in the program. */
const COUNTERS = '__musterBlocks'
/** Longer text is a message, and shorter is found by chance. */
const WORD_CHARACTERS_MIN = 2
const WORD_CHARACTERS_MAX = 40

/**
 * Instruments TypeScript that Node would run as it stands.
 *
 * @param base - the number of its first counter; counters are `globalThis.__musterBlocks`
 * @throws Error for source that does not parse
 */
export function instrument(source: string, base: number): Instrumented {
  const stripped = stripTypeScriptTypes(source)
  const { errors, program } = parseSync('module.js', stripped)
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  const blocks: number[] = []
  const words = new Set<string>()
  const edits: { readonly at: number; readonly text: string; readonly closes: boolean }[] = []
  const count = (at: number): string => {
    blocks.push(at)
    return `${COUNTERS}[${base + blocks.length - 1}]++`
  }
  const insert = (at: number, text: string, closes = false): void => {
    edits.push({ at, text, closes })
  }
  const statement = (node: ESTree.Statement | null): void => {
    if (node === null) return
    if (node.type === 'BlockStatement') {
      insert(node.start + 1, `${count(node.start)};`)
      return
    }
    insert(node.start, `{${count(node.start)};`)
    insert(node.end, '}', true)
  }
  const expression = (node: ESTree.Expression): void => {
    insert(node.start, `(${count(node.start)},`)
    insert(node.end, ')', true)
  }
  const body = (node: ESTree.FunctionBody | null): void => {
    if (node !== null) insert(node.start + 1, `${count(node.start)};`)
  }
  new Visitor({
    FunctionDeclaration: ({ body: of }) => body(of),
    FunctionExpression: ({ body: of }) => body(of),
    ArrowFunctionExpression: ({ body: of }) => {
      if (of.type === 'BlockStatement') body(of)
      else expression(of)
    },
    IfStatement: ({ alternate, consequent }) => {
      statement(consequent)
      statement(alternate)
    },
    ForStatement: ({ body: of }) => statement(of),
    ForInStatement: ({ body: of }) => statement(of),
    ForOfStatement: ({ body: of }) => statement(of),
    WhileStatement: ({ body: of }) => statement(of),
    DoWhileStatement: ({ body: of }) => statement(of),
    CatchClause: ({ body: of }) => statement(of),
    SwitchCase: ({ consequent: [first] }) => {
      if (first !== undefined) insert(first.start, `${count(first.start)};`)
    },
    ConditionalExpression: ({ alternate, consequent }) => {
      expression(consequent)
      expression(alternate)
    },
    LogicalExpression: ({ right }) => expression(right),
    Literal: ({ value }) => {
      if (typeof value === 'string') words.add(value)
    },
    TemplateElement: ({ value }) => words.add(value.cooked ?? ''),
  }).visit(program)
  return {
    code: applied(stripped, edits),
    blocks,
    words: [...words].filter(
      ({ length }) => length >= WORD_CHARACTERS_MIN && length <= WORD_CHARACTERS_MAX,
    ),
  }
}

/** What closes at a place goes before what opens there; of what closes, the inner first. */
function applied(
  source: string,
  edits: readonly { readonly at: number; readonly text: string; readonly closes: boolean }[],
): string {
  const inOrder = edits
    .map((edit, number) => ({ ...edit, number }))
    .toSorted(
      (left, right) =>
        left.at - right.at ||
        Number(right.closes) - Number(left.closes) ||
        (left.closes ? right.number - left.number : left.number - right.number),
    )
  let code = `const ${COUNTERS} = globalThis.${COUNTERS};`
  let from = 0
  for (const { at, text } of inOrder) {
    code += source.slice(from, at) + text
    from = at
  }
  return code + source.slice(from)
}
