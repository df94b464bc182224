/**
 * Files that a module names by `new URL('…', import.meta.url)` come along into the bundle: a script
 * for a process of its own (`./x.ts`) becomes a chunk, a folder (`../x/`) or a table (`../x.tsv`) is copied.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { Plugin, PluginContext } from 'rolldown'

const NAMED = /new URL\('([^']+(?:\.ts|\.tsv|\/))', import\.meta\.url\)/g

/** A plugin for the bundler. All chunks must lie in one folder. */
export function filesBeside(): Plugin {
  return {
    name: 'files-beside',
    transform: {
      filter: { id: { include: /\.ts$/, exclude: /node_modules/ }, code: 'import.meta.url' },
      handler(code, id) {
        return code.replaceAll(NAMED, (_, named: string) => {
          const emitted = emit(this, join(dirname(id), named))
          return `new URL('./${emitted}', import.meta.url)`
        })
      },
    },
  }
}

/** Adds what lies at `path`, and answers its name in the bundle; a folder's ends with `/`. */
function emit(bundle: PluginContext, path: string): string {
  const name = `${basename(dirname(path))}-${basename(path, '.ts')}`
  if (path.endsWith('.ts')) {
    bundle.emitFile({ type: 'chunk', id: path, fileName: `${name}.js` })
    return `${name}.js`
  }
  if (path.endsWith('.tsv')) {
    bundle.emitFile({ type: 'asset', fileName: name, source: readFileSync(path) })
    return name
  }
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const place = relative(path, file).split(sep).join('/')
    bundle.emitFile({ type: 'asset', fileName: `${name}/${place}`, source: readFileSync(file) })
  }
  return `${name}/`
}
