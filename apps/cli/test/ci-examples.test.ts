/** The examples of `infra/ci` that need nothing outside npm, and the commands of the workflow. */
import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { EXAMPLES, exampleFolder, linkModules, musterOnPath } from './ci-examples.ts'
import { muster } from './muster-process.ts'

it(
  'the vitest example passes, and its failure is the exit status of exec',
  { timeout: 90_000 },
  async () => {
    const cwd = exampleFolder('vitest')
    linkModules(cwd)
    const vitest = ['--', process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--root', '.']
    const run = (clock: string): ReturnType<typeof muster> =>
      muster(['exec', '--clock', clock, ...vitest], {
        cwd,
        // vitest keeps a token where programs keep data.
        env: { VITEST: '', NO_COLOR: '1', XDG_DATA_HOME: cwd },
      })
    const passed = await run('virtual')
    expect(passed.stdout).toContain('2 passed')
    expect(passed.code, passed.stderr).toBe(0)
    // A clock that cannot be moved: the second of its tests fails.
    const failed = await run('system')
    expect(failed.stdout).toContain('1 failed')
    expect(failed.code).toBe(1)
  },
)

it('the shell example rolls out to a fleet', { timeout: 90_000 }, async () => {
  const cwd = exampleFolder('shell')
  const path = [musterOnPath(cwd), process.env['PATH']].join(delimiter)
  const flags = ['exec', '--clock', 'x60', '--', 'sh', 'rollout.sh']
  const { code, stderr } = await muster(flags, { cwd, env: { PATH: path } })
  expect(code, stderr).toBe(0)
  expect(JSON.parse(readFileSync(join(cwd, 'summary.json'), 'utf8'))).toMatchObject({
    connected: 20,
    ok: true,
  })
})

interface Workflow {
  readonly on: readonly string[]
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }>
  >
}

it('the workflow runs commands that muster knows, on files that are there', async () => {
  const text = readFileSync(join(EXAMPLES, 'github-actions.yml'), 'utf8')
  const workflow = parse(text) as Workflow
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
  expect(steps.every(({ run, uses }) => (run === undefined) !== (uses === undefined))).toBe(true)
  const commands = steps
    .flatMap(({ run = '' }) => run.split('\n'))
    .map((line) => /(?:^|\/)muster (.*?) -- (.*)$/.exec(line)?.slice(1) ?? [])
    .filter((found) => found.length > 0)
  expect(commands.map(([, command]) => command)).toEqual(['npm test', 'pytest', 'sh rollout.sh'])
  expect(readdirSync(join(EXAMPLES, 'shell'))).toContain('rollout.sh')
  for (const [flags = ''] of commands) {
    expect((await muster([...flags.split(' '), '--', 'true'])).code).toBe(0)
  }
})
