/**
 * Packs what is released, installs it in empty folders outside the workspace on each Node that it
 * says it runs on, and does there what docs/packages.md says. Needs the npm registry.
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAllowed } from '../src/licences.ts'
import { nodeRange, releasedFolders, scope } from '../src/released.ts'
import { thirdParty } from '../src/third-party.ts'
import { packageIn, workspaceRoot } from '../src/workspace.ts'
import { Outside } from './outside.ts'

const tarballs = mkdtempSync(join(tmpdir(), 'muster-tarballs-'))
const tarball = (name: string): string => {
  const found = readdirSync(tarballs).find((file) => file.includes(`-${name}-`))
  return `file:${join(tarballs, found ?? `no ${name}`)}`
}

/** The programs of docs/packages.md, by the file name in their first line. */
const page = readFileSync(join(workspaceRoot, 'docs/packages.md'), 'utf8')
const programs = new Map(
  [...page.matchAll(/```ts\n(\/\/ (\S+\.ts):[^]*?)```/g)].map(([, text = '', file = '']) => {
    return [file, text.replaceAll('@muster/', `${scope}/`)]
  }),
)

/** The installed command; npx would find the same, and take a second longer each time. */
const muster = 'node_modules/.bin/muster'
/** A fresh server for one program that Node runs. */
const exec = ['exec', '--', 'node']
const freePorts = ['mqtt', 'https', 'alpn', 'http'].map((name) => `--${name}-port=0`)
const consumer = {
  name: 'consumer',
  private: true,
  type: 'module',
}
const compilerOptions = {
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
}

beforeAll(() => {
  execFileSync('npx', ['-y', 'pnpm@12', 'release:pack', '--out', tarballs], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
})
afterAll(() => rmSync(tarballs, { recursive: true, force: true }))

describe('the tarballs', () => {
  it('are one for each released package, and nothing else is there', () => {
    const names = releasedFolders.map((folder) => packageIn(join(workspaceRoot, folder)).manifest)
    const scoped = scope.slice(1)
    expect(readdirSync(tarballs).sort()).toEqual(
      names.map(({ name, version }) => `${scoped}-${name.split('/')[1]}-${version}.tgz`).sort(),
    )
  })

  it('answer in one line on a Node that cannot run them', async () => {
    const outside = await Outside.on('20')
    try {
      const asked = ['-y', '--loglevel=error', tarball('cli'), 'up']
      const { code, stdout, stderr } = await outside.run('npx', asked)
      expect(stderr).toMatch(/^muster: expected Node\.js .*, and this is 20\.\d+\.\d+\n$/)
      expect(stderr).toContain(nodeRange)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    } finally {
      await outside.remove()
    }
  })
})

describe.each(['22.22', '24', '26'])('installed on Node %s', (version) => {
  let outside: Outside

  beforeAll(async () => {
    outside = await Outside.on(version)
    writeFileSync(join(outside.folder, 'package.json'), JSON.stringify(consumer))
    writeFileSync(join(outside.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    const packages = releasedFolders.map((folder) => tarball(folder.split('/')[1] ?? ''))
    const quickly = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
    const asked = ['install', ...quickly, ...packages, '@aws-sdk/client-iot', '@types/node@22']
    const { code, stderr } = await outside.run('npm', asked)
    expect(code, stderr).toBe(0)
    for (const [file, text] of programs) writeFileSync(join(outside.folder, file), text)
  })
  afterAll(() => outside?.remove())

  it('runs on that Node', async () => {
    expect((await outside.run('node', ['--version'])).stdout).toMatch(`v${version}.`)
  })

  it('decides a policy', async () => {
    const { stdout, stderr } = await outside.run('node', ['policy.ts'])
    expect(complaints(stderr)).toBe('')
    expect(stdout.split('\n').slice(0, 2)).toEqual(['allow', 'implicitDeny'])
    expect(stdout).toMatch(/\nown-topic allow\n$/)
  })

  it('ends a job in the rules alone', async () => {
    const { stdout, stderr } = await outside.run('node', ['jobs.ts'])
    expect(complaints(stderr)).toBe('')
    expect(stdout).toContain('$aws/things/lamp/jobs/notify-next')
  })

  it('runs a device’s job against the installed server', async () => {
    const { code, stdout, stderr } = await outside.run(muster, [...exec, 'device.ts'])
    expect(code, stderr).toBe(0)
    expect(stdout).toBe('COMPLETED\n')
  })

  it('runs a conformance scenario against the installed server', async () => {
    const { code, stdout, stderr } = await outside.run(muster, [...exec, 'conformance.ts'])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^absent true/)
  })

  it('names the ready scenarios', async () => {
    const { stdout } = await outside.run(muster, ['simulate', '--list'])
    expect(stdout).toContain('ota-wave')
  })

  it('starts, rolls a job out to twenty devices and ends', async () => {
    const main = ['start', '--once', '--devices', '20', '--json', '--data', 'started']
    const { code, stdout, stderr } = await outside.run(muster, main)
    expect(stderr).not.toContain('Warning')
    expect(code).toBe(0)
    const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as object
    expect(summary).toMatchObject({ devices: 20, jobStatus: 'COMPLETED', ok: true })
  })

  // Declarations do not depend on Node: once is enough.
  const compilers = version === '26' ? ['5.9', '7'] : []
  it.each(compilers)('compiles under TypeScript %s', async (tsc) => {
    const asked = ['-y', '-p', `typescript@${tsc}`, '--', 'tsc', '-p', '.']
    const { code, stdout } = await outside.run('npx', asked)
    expect(stdout).toBe('')
    expect(code).toBe(0)
  })

  it('links no licence that is not allowed', () => {
    const manifests = globSync('node_modules/**/package.json', { cwd: outside.folder })
      .map((file) => packageIn(join(outside.folder, file, '..')))
      .filter(({ folder, manifest }) => folder.endsWith(join('node_modules', manifest.name ?? '/')))
    expect(manifests.length).toBeGreaterThan(100)
    const others = manifests.map(thirdParty).filter(({ licence }) => !isAllowed(licence))
    expect(others).toEqual([])
  })
})

describe('the command alone', () => {
  it('is up in an empty folder, console included, with no other package of ours', async () => {
    const outside = await Outside.on('26')
    try {
      const asked = ['-y', tarball('cli'), 'up', '--json', ...freePorts]
      const up = await outside.start('npx', asked)
      const { ready, httpPort } = JSON.parse(up) as { ready: boolean; httpPort: number }
      expect(ready).toBe(true)
      const page = await (await fetch(`http://127.0.0.1:${httpPort}/console/`)).text()
      expect(page).toContain('<div id="root">')
      const script = page.match(/src="(\/console\/assets\/[^"]+)"/)?.[1]
      expect((await fetch(`http://127.0.0.1:${httpPort}${script}`)).status).toBe(200)
    } finally {
      await outside.remove()
    }
    const { dependencies = {} } = packageIn(join(workspaceRoot, 'apps/cli/dist')).manifest
    expect(Object.keys(dependencies).filter((name) => name.startsWith(scope))).toEqual([])
  })
})

/** What is on stderr but Node 22's remark that it strips types. */
function complaints(stderr: string): string {
  return stderr.replaceAll(/^\(node.*ExperimentalWarning: Type Stripping[^]*?\n.*\n/gm, '')
}
