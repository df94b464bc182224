/**
 * `pnpm release:sbom --out FILE`: the bill of materials of what is released, CycloneDX 1.6, made by pnpm from the
 * lock file and the installed packages.
 */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { releasedFolders } from './released.ts'
import { workspaceRoot } from './workspace.ts'

const { values } = parseArgs({ options: { out: { type: 'string' } } })
if (values.out === undefined) {
  process.stderr.write('usage: pnpm release:sbom --out FILE\n')
  process.exit(2)
}
// pnpm runs scripts in the folder of their package, and says from where it was called.
const out = resolve(process.env['INIT_CWD'] ?? '.', values.out)
const filters = releasedFolders.map((folder) => `--filter=./${folder}`)
const format = ['--sbom-format=cyclonedx', '--sbom-spec-version=1.6', '--prod']
execFileSync('npx', ['-y', 'pnpm@12', 'sbom', ...format, ...filters, '--out', out], {
  cwd: workspaceRoot,
  stdio: 'inherit',
})
