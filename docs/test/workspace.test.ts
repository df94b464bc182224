/** What turbo would do: every package is tested and checked, in an order that has no circle. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

interface Task {
  readonly taskId: string
  readonly command: string
  readonly outputs: readonly string[] | null
  readonly dependents: readonly string[]
}

let tasks: ReadonlyMap<string, Task>
const names = globSync(['{apps,packages}/*/package.json', '*/package.json'], { cwd: ROOT }).map(
  (file) => (JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as { name: string }).name,
)

beforeAll(() => {
  const asked = ['scripts/turbo.ts', 'run', 'test', 'check:types', 'build', '--dry-run=json']
  // It names every file of every task: more than the megabyte that is taken by default.
  const maxBuffer = 1 << 26
  const plan = execFileSync(process.execPath, asked, { cwd: ROOT, encoding: 'utf8', maxBuffer })
  tasks = new Map((JSON.parse(plan) as { tasks: Task[] }).tasks.map((task) => [task.taskId, task]))
})

it.each(names)('%s has tests that write a report, and its types are checked', (name) => {
  const tests = tasks.get(`${name}#test`)
  expect(tests?.command).toMatch(/^vitest run --config (\.\.\/)+vitest\.config\.ts$/)
  expect(tests?.outputs).toEqual(['reports/test.json'])
  expect(tasks.get(`${name}#check:types`)?.command).toBe('tsc -p tsconfig.json')
})

it('a change runs the tests of the package and of those that stand on it, and no others', () => {
  const rerun = testsAfter('@muster/store#sources')
  expect(rerun).toContain('@muster/store#test')
  expect(rerun).toContain('@muster/server#test')
  expect(rerun).toContain('@muster/cli#test')
  for (const name of ['model', 'jobs', 'policy', 'broker', 'registry', 'pki', 'device']) {
    expect(rerun).not.toContain(`@muster/${name}#test`)
  }
  expect(testsAfter('@muster/loadtest#sources')).toEqual([
    '@muster/cli#test',
    '@muster/loadtest#test',
  ])
})

/** The tests that stand, directly or not, on a task. */
function testsAfter(taskId: string): string[] {
  const found = new Set<string>()
  const follow = (id: string): void => {
    for (const dependent of tasks.get(id)?.dependents ?? []) {
      if (found.has(dependent)) continue
      found.add(dependent)
      follow(dependent)
    }
  }
  follow(taskId)
  return [...found].filter((id) => id.endsWith('#test')).toSorted()
}
