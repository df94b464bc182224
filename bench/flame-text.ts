/** A CPU profile as text: a line a function, indented below who called it. */
import type { Profiler, Runtime } from 'node:inspector'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(import.meta.dirname, '..')
/** Functions that had less of the time are left out, with all that they called. */
const LEAST_PART = 0.01

/** Stacks by part of the time that the process was not idle, deepest callers first. */
export function flameText({ nodes, samples = [] }: Profiler.Profile): string {
  const own = new Map<number, number>()
  for (const id of samples) own.set(id, (own.get(id) ?? 0) + 1)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const idle = nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)')
  const all = samples.length - idle.reduce((sum, { id }) => sum + (own.get(id) ?? 0), 0)
  const totals = new Map<number, number>()
  const totalOf = (id: number): number => {
    const below = (byId.get(id)?.children ?? []).map(totalOf)
    const total = below.reduce((sum, one) => sum + one, own.get(id) ?? 0)
    totals.set(id, total)
    return total
  }
  const [first] = nodes
  if (first === undefined) return ''
  totalOf(first.id)
  const lines: string[] = []
  const walk = (id: number, depth: number): void => {
    const node = byId.get(id)
    const total = totals.get(id) ?? 0
    if (node === undefined || total < all * LEAST_PART || idle.includes(node)) return
    const percent = ((total / all) * 100).toFixed(1).padStart(5)
    lines.push(`${percent} ${'  '.repeat(depth)}${frameText(node.callFrame)}`)
    const children = [...(node.children ?? [])]
    children.sort((left, right) => (totals.get(right) ?? 0) - (totals.get(left) ?? 0))
    for (const child of children) walk(child, depth + 1)
  }
  for (const child of first.children ?? []) walk(child, 0)
  return `${lines.join('\n')}\n`
}

function frameText({ functionName, url }: Runtime.CallFrame): string {
  const where = url.startsWith('file:')
    ? relative(root, fileURLToPath(url)).replace(/^.*node_modules\//, '')
    : url
  return `${functionName || '(anonymous)'} ${where}`.trimEnd()
}
