/**
 * `pnpm release:pack --out DIR`: builds what is released, packs a tarball each, checks them, and
 * leaves those and nothing else in DIR.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runTurbo } from '../../scripts/turbo.ts'
import { tarballFaults } from './check-tarball.ts'
import { releasedFolders, releasedName } from './released.ts'
import { workspaceRoot } from './workspace.ts'

const { values } = parseArgs({ options: { out: { type: 'string' } } })
if (values.out === undefined) {
  process.stderr.write('usage: pnpm release:pack --out DIR\n')
  process.exit(2)
}
// pnpm runs scripts in the folder of their package, and says from where it was called.
const out = resolve(process.env['INIT_CWD'] ?? '.', values.out)
mkdirSync(out, { recursive: true })
const others = readdirSync(out).filter((name) => !name.endsWith('.tgz'))
if (others.length > 0) {
  process.stderr.write(`expected an empty folder or tarballs in ${out}, found ${others[0]}\n`)
  process.exit(2)
}

const filters = releasedFolders.map((folder) => `--filter=./${folder}`)
const built = await runTurbo(['run', 'build', ...filters, '--output-logs=errors-only'])
if (built !== 0) process.exit(built)

// Beside DIR, so that what is in DIR was checked: a rename within a disk is all or nothing.
const stage = mkdtempSync(`${out}-`)
const faults: string[] = []
try {
  for (const folder of releasedFolders) {
    const dist = join(workspaceRoot, folder, 'dist')
    const packed = execFileSync('npm', ['pack', dist, '--json', '--ignore-scripts'], {
      cwd: stage,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [{ filename = '', size = 0 } = {}] = JSON.parse(packed) as Packed[]
    faults.push(...(await tarballFaults(join(stage, filename), dist)))
    process.stderr.write(`${releasedName(folder)}: ${filename}, ${Math.ceil(size / 1024)} KiB\n`)
  }
  if (faults.length > 0) throw new Error(`not fit for release:\n${faults.join('\n')}`)
  for (const old of readdirSync(out)) rmSync(join(out, old))
  for (const tarball of readdirSync(stage)) renameSync(join(stage, tarball), join(out, tarball))
} finally {
  rmSync(stage, { recursive: true, force: true })
}

/** What `npm pack --json` says of a tarball. */
interface Packed {
  readonly filename?: string
  readonly size?: number
}
