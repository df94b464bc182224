/**
 * Bundles one workspace package, with every workspace package it uses inside, to JavaScript and
 * declarations that need no build step of whoever installs them. Packages of npm stay imports.
 */
import { isBuiltin } from 'node:module'
import { join, sep } from 'node:path'
import { build } from 'tsdown'
import { filesBeside } from './files-beside.ts'
import { nodeRange } from './released.ts'
import { workspaceRoot, type Package } from './workspace.ts'

/** What came of it. */
export interface Bundle {
  /** Names of the packages of npm that the JavaScript or the declarations import, sorted. */
  readonly imported: readonly string[]
  /** Modules outside the workspace that the bundler put inside; paths, or its own ids. */
  readonly inlined: readonly string[]
}

/** Names of modules: not a path, not of the workspace. */
const ofNpm = /^(?!@muster\/)(?![A-Za-z]:)[^./\0]/

/**
 * Writes `<package>/dist`, emptied before.
 *
 * @throws when the bundler fails
 */
export async function bundle(from: Package): Promise<Bundle> {
  const { exports, bin = {} } = from.manifest
  const library = exports?.['.']
  const entry = {
    ...(typeof library === 'string' ? { index: library } : {}),
    ...bin,
  }
  const { bundles } = await build({
    cwd: from.folder,
    config: false,
    entry,
    outDir: 'dist',
    format: 'esm',
    platform: 'node',
    target: `node${nodeRange.match(/\d+\.\d+/)?.[0]}`,
    tsconfig: join(workspaceRoot, 'tsconfig.base.json'),
    fixedExtension: false,
    dts: library === undefined ? false : { generator: 'oxc' },
    deps: {
      alwaysBundle: /^@muster\//,
      neverBundle: (id: string) => ofNpm.test(id),
      dts: { alwaysBundle: /^@muster\// },
    },
    inputOptions: { resolve: { conditionNames: ['muster-release', 'node', 'import'] } },
    plugins: [filesBeside()],
    // All in one folder, so that a file beside one module is beside all of them.
    outputOptions: { chunkFileNames: '[name]-[hash].js', assetFileNames: '[name][extname]' },
    logLevel: 'warn',
    failOnWarn: true,
  })
  const chunks = bundles.flatMap(({ chunks }) => chunks).filter((part) => part.type === 'chunk')
  const own = new Set(chunks.map(({ fileName }) => fileName))
  const imported = chunks
    .flatMap(({ code, imports, dynamicImports }) => [
      ...imports,
      ...dynamicImports,
      ...requiredIn(code),
    ])
    .filter((id) => !own.has(id) && !isBuiltin(id))
  const inlined = chunks
    .flatMap(({ moduleIds }) => moduleIds)
    .filter((id) => id.startsWith('\0') || id.includes(`${sep}node_modules${sep}`))
  return {
    imported: [...new Set(imported.map(packageName))].sort(),
    inlined: [...new Set(inlined)].sort(),
  }
}

/** What is loaded when it is first needed: the bundler leaves `createRequire` and its calls as they are. */
function requiredIn(code: string): readonly string[] {
  return [...code.matchAll(/\brequire(?:\$\d+)?\("([^"]+)"\)/g)].map(([, id = '']) => id)
}

/** `@aws-sdk/client-iot` of `@aws-sdk/client-iot/schemas`. */
function packageName(id: string): string {
  return id.split('/', id.startsWith('@') ? 2 : 1).join('/')
}
