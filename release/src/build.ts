/**
 * Builds the package in the current folder as others install it: `dist` then holds JavaScript,
 * declarations and a `package.json` of its own, and is what `release:pack` packs.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { bundle } from './bundle.ts'
import { releasedPage } from './released-page.ts'
import { dependants, releasedManifest } from './released-manifest.ts'
import {
  bundledPages,
  installedWith,
  refuseOtherLicences,
  thirdParty,
  thirdPartyPage,
} from './third-party.ts'
import { dependencyOf, packageIn, workspaceClosure, workspaceRoot } from './workspace.ts'

const from = packageIn(process.cwd())
const dist = join(from.folder, 'dist')
const { imported, inlined } = await bundle(from)

const direct = dependants(imported, workspaceClosure(from))
const installed = installedWith(direct)
const bundled = [...bundledPages(dist), ...inlined.map(bundlersOwn)]
refuseOtherLicences([...bundled, ...installed])

const folder = relative(workspaceRoot, from.folder).split(sep).join('/')
const manifest = releasedManifest(folder, from.manifest, direct)
const page = releasedPage(readFileSync(join(from.folder, 'README.md'), 'utf8'))
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
writeFileSync(join(dist, 'README.md'), page)
writeFileSync(join(dist, 'THIRD-PARTY.md'), thirdPartyPage(bundled, installed))
for (const file of ['LICENSE', 'CHANGELOG.md']) {
  copyFileSync(join(workspaceRoot, file), join(dist, file))
}

/** The few lines a bundler adds of its own; a package of npm in a bundle is a mistake. */
function bundlersOwn(module: string): ReturnType<typeof thirdParty> {
  if (!module.startsWith('\0rolldown/')) {
    throw new Error(`expected only the workspace's own modules in the bundle, found \`${module}\``)
  }
  return thirdParty(dependencyOf(packageIn(join(workspaceRoot, 'release')), 'rolldown'))
}
