/** The `package.json` of a tarball, made of the workspace's: built files, versions, no workspace. */
import { nodeRange, releasedName } from './released.ts'
import { catalog, type Manifest, type Package } from './workspace.ts'

/**
 * Who of these packages depends on each name, and under which range.
 *
 * @throws naming what is imported and nobody's dependency
 */
export function dependants(
  names: readonly string[],
  closure: readonly Package[],
): ReadonlyMap<string, Package> {
  return new Map(
    names.map((name) => {
      const from = closure.find(({ manifest }) => declared(manifest, name) !== undefined)
      if (from === undefined) throw new Error(`\`${name}\` is imported and nobody's dependency`)
      return [name, from]
    }),
  )
}

/**
 * @param folder - of the workspace: `packages/policy`
 * @param direct - what it imports of npm, and the workspace package that depends on it
 */
export function releasedManifest(
  folder: string,
  manifest: Manifest,
  direct: ReadonlyMap<string, Package>,
): object {
  const versions = catalog()
  const range = (name: string, { manifest }: Package): string => {
    const said = declared(manifest, name) ?? ''
    return said === 'catalog:' ? (versions[name] ?? '') : said
  }
  const library = manifest.exports?.['.'] !== undefined
  const bin = Object.keys(manifest.bin ?? {}).map((name) => [name, `./${name}.js`])
  const built = { types: './index.d.ts', default: './index.js' }
  return {
    name: releasedName(folder),
    version: manifest.version,
    description: manifest.description,
    license: manifest.license,
    type: 'module',
    ...(library ? { main: built.default, types: built.types } : {}),
    exports: { ...(library ? { '.': built } : {}), './package.json': './package.json' },
    ...(bin.length > 0 ? { bin: Object.fromEntries(bin) } : {}),
    ...(library ? { sideEffects: false } : {}),
    engines: { node: nodeRange },
    dependencies: Object.fromEntries([...direct].map(([name, from]) => [name, range(name, from)])),
    publishConfig: { access: 'public' },
  }
}

/** The range under which a package depends on a name; types are needed by its users too. */
function declared({ dependencies, devDependencies }: Manifest, name: string): string | undefined {
  return dependencies?.[name] ?? devDependencies?.[name]
}
