/** The bill of materials of what is released. Needs pnpm, which comes from the npm registry. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { releasedFolders } from '../src/released.ts'
import { workspaceRoot } from '../src/workspace.ts'

interface Bill {
  readonly bomFormat: string
  readonly components: readonly {
    readonly name: string
    readonly group?: string
    readonly version: string
    readonly licenses?: readonly unknown[]
  }[]
}

it('names every package that is shipped, with its version and licence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const out = join(folder, 'sbom.cdx.json')
  execFileSync(process.execPath, [join(workspaceRoot, 'release/src/sbom.ts'), '--out', out], {
    stdio: 'pipe',
  })
  const bill = JSON.parse(readFileSync(out, 'utf8')) as Bill
  expect(bill.bomFormat).toBe('CycloneDX')
  const listed = new Map(
    bill.components.map((one) => [
      one.group === undefined ? one.name : `${one.group}/${one.name}`,
      one,
    ]),
  )
  for (const released of releasedFolders) {
    const manifest = JSON.parse(
      readFileSync(join(workspaceRoot, released, 'package.json'), 'utf8'),
    ) as { readonly dependencies?: Readonly<Record<string, string>> }
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      expect([name, listed.get(name)?.version]).toEqual([name, expect.any(String)])
    }
  }
  // pnpm does not read the older member `licenses`, which these have.
  const older = new Set(['ssh2', 'cpu-features', 'buildcheck'])
  const bare = bill.components.filter(({ licenses }) => (licenses ?? []).length === 0)
  expect(bare.map(({ name }) => name).filter((name) => !older.has(name))).toEqual([])
})
