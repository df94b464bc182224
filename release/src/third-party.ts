/**
 * What of others is in a released package, or comes with it: each by name, version and licence. A
 * package of npm with a licence that is not allowed makes the build fail.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isAllowed } from './licences.ts'
import { dependencyOf, type Package } from './workspace.ts'

/** One package of others. */
export interface ThirdParty {
  readonly name: string
  readonly version: string
  /** SPDX expression, as the package says. */
  readonly licence: string
  /** The licence's text, of what is bundled. */
  readonly text?: string
}

/**
 * The packages that an installation brings: those imported and theirs, as installed here. Optional
 * ones that are not installed here are left out.
 *
 * @param direct - name, and the workspace package that depends on it
 */
export function installedWith(direct: ReadonlyMap<string, Package>): ThirdParty[] {
  const found = new Map<string, Package>()
  const visit = (name: string, from: Package, optional: boolean): void => {
    const dependency = installed(name, from, optional)
    if (dependency === undefined || found.has(dependency.folder)) return
    found.set(dependency.folder, dependency)
    const { dependencies = {}, optionalDependencies = {} } = dependency.manifest
    for (const next of Object.keys(dependencies)) {
      visit(next, dependency, next in optionalDependencies)
    }
    for (const next of Object.keys(optionalDependencies)) visit(next, dependency, true)
  }
  for (const [name, from] of direct) visit(name, from, false)
  return byName([...found.values()].map(thirdParty))
}

function installed(name: string, from: Package, optional: boolean): Package | undefined {
  try {
    return dependencyOf(from, name)
  } catch (cause) {
    if (optional) return undefined
    throw cause
  }
}

/** What the bundler of a page in `dist` says it put inside: every `third-party.json`. */
export function bundledPages(dist: string): ThirdParty[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  const said = files.filter((file) => file.endsWith('third-party.json'))
  return byName(
    said.flatMap((file) => {
      const entries = JSON.parse(readFileSync(join(dist, file), 'utf8')) as readonly {
        readonly name: string
        readonly version: string
        readonly identifier: string | null
        readonly text: string
      }[]
      return entries.map(({ name, version, identifier, text }) => {
        return { name, version, licence: identifier ?? '', text }
      })
    }),
  )
}

/** The package with the licence that its manifest names, in any of the forms npm has known. */
export function thirdParty({ manifest }: Package): ThirdParty {
  const { name, version, license, licenses } = manifest
  const said = license ?? licenses?.map(({ type }) => type).join(' OR ') ?? ''
  return { name, version, licence: typeof said === 'string' ? said : said.type }
}

/** @throws naming each package whose licence is not allowed */
export function refuseOtherLicences(packages: readonly ThirdParty[]): void {
  const others = packages
    .filter(({ licence }) => !isAllowed(licence))
    .map(({ name, version, licence }) => `${name}@${version}: ${licence || 'no licence named'}`)
  if (others.length === 0) return
  throw new Error(`licences that may not be shipped or linked: ${others.join(', ')}`)
}

/** The page `THIRD-PARTY.md` of a released package. */
export function thirdPartyPage(
  bundled: readonly ThirdParty[],
  installedToo: readonly ThirdParty[],
): string {
  const line = ({ name, version, licence }: ThirdParty): string =>
    `- ${name} ${version}: ${licence}`
  const texts = bundled.flatMap(({ name, version, text = '' }) => [
    `### ${name} ${version}`,
    text.replaceAll(/^/gm, '    ').trimEnd(),
  ])
  const sections = [
    '# Third parties',
    ...(bundled.length === 0
      ? ['Nothing of others is inside this package.']
      : ['Inside this package:', bundled.map(line).join('\n')]),
    ...(installedToo.length === 0
      ? ['Nothing is installed with it.']
      : ['Installed with it, at these or later versions:', installedToo.map(line).join('\n')]),
    ...(texts.length === 0 ? [] : ['## Licences of what is inside', ...texts]),
  ]
  return `${sections.join('\n\n')}\n`
}

function byName(packages: ThirdParty[]): ThirdParty[] {
  return packages.sort((a, b) => a.name.localeCompare(b.name) || (a.version < b.version ? -1 : 1))
}
