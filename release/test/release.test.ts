/** What every release promises, as far as reading the workspace can tell. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isAllowed } from '../src/licences.ts'
import { releasedFolders, releasedName } from '../src/released.ts'
import { releasedPage } from '../src/released-page.ts'
import { refuseOtherLicences } from '../src/third-party.ts'
import { packageIn, workspaceRoot } from '../src/workspace.ts'

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: workspaceRoot,
  encoding: 'utf8',
})
  .trim()
  .split('\n')

describe('a release', () => {
  it('has one version for all packages, and the changelog tells of it', () => {
    const manifests = tracked.filter((file) => /(^|\/)package\.json$/.test(file))
    const versions = manifests.map((file) => {
      return packageIn(join(workspaceRoot, file, '..')).manifest.version
    })
    expect(new Set(versions).size).toBe(1)
    const changelog = readFileSync(join(workspaceRoot, 'CHANGELOG.md'), 'utf8')
    expect(changelog).toContain(`## ${versions[0]}`)
    for (const folder of releasedFolders) expect(changelog).toContain(releasedName(folder))
  })

  it('is never called by the name `muster` of the registry, which is somebody else’s', () => {
    const pages = tracked.filter((file) => /\.(md|ts|tsx|sh|ya?ml|html)$/.test(file))
    const wrong = pages.filter((file) =>
      /npx (?:-y )?muster|npm (?:i|install) (?:-g )?muster\b/.test(
        readFileSync(join(workspaceRoot, file), 'utf8'),
      ),
    )
    expect(wrong).toEqual([])
  })

  it('has pages without links out of the package', () => {
    const page = 'See [how](../../docs/a.md), [it](https://example.com) and [here](src/a.ts).'
    expect(releasedPage(page)).toBe('See how, [it](https://example.com) and here.')
  })
})

describe('licences', () => {
  it('allows one side of an OR and both of an AND', () => {
    expect(['MIT', '(MIT OR GPL-3.0-only)', 'MIT AND (ISC OR MPL-2.0)'].map(isAllowed)).toEqual([
      true,
      true,
      true,
    ])
    const others = ['GPL-3.0-only', 'MPL-2.0', 'MIT AND LGPL-3.0', 'MIT OR', '', 'SEE LICENSE IN X']
    expect(others.filter(isAllowed)).toEqual([])
  })

  it('names the package that may not be shipped', () => {
    const packages = [
      { name: 'fine', version: '1.0.0', licence: 'ISC' },
      { name: 'viral', version: '2.1.0', licence: 'AGPL-3.0-only' },
      { name: 'silent', version: '0.1.0', licence: '' },
    ]
    expect(() => refuseOtherLicences(packages)).toThrow(
      'licences that may not be shipped or linked: viral@2.1.0: AGPL-3.0-only, ' +
        'silent@0.1.0: no licence named',
    )
  })
})
