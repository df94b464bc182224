/** The workspace as its manifests tell it: which packages a package is made of, and versions. */
import { readFileSync, realpathSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'

/** The workspace's root folder. */
export const workspaceRoot: string = join(import.meta.dirname, '../..')

/** The members of a `package.json` that a release looks at. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license?: string | { readonly type: string }
  /** The form of old packages. */
  readonly licenses?: readonly { readonly type: string }[]
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A package on this disk. */
export interface Package {
  /** Absolute. */
  readonly folder: string
  readonly manifest: Manifest
}

/** @throws when the folder has no readable `package.json` */
export function packageIn(folder: string): Package {
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  return { folder, manifest: JSON.parse(text) as Manifest }
}

/**
 * The package that `from` means by a name in its dependencies.
 *
 * @throws when it is not installed
 */
export function dependencyOf(from: Package, name: string): Package {
  const base = pathToFileURL(join(from.folder, 'package.json'))
  const found = findPackageJSON(name, base)
  if (found === undefined) throw new Error(`\`${name}\` is not installed for ${from.folder}`)
  return packageIn(dirname(realpathSync(found)))
}

/** The package and all workspace packages it depends on, directly or through others. */
export function workspaceClosure(start: Package): readonly Package[] {
  const closure = new Map([[start.manifest.name, start]])
  // A map hands out what is added while it is walked.
  for (const member of closure.values()) {
    for (const [name, range] of Object.entries(member.manifest.dependencies ?? {})) {
      if (!range.startsWith('workspace:') || closure.has(name)) continue
      closure.set(name, dependencyOf(member, name))
    }
  }
  return [...closure.values()]
}

/** The version ranges of the catalog in `pnpm-workspace.yaml`, by package name. */
export function catalog(): Readonly<Record<string, string>> {
  const text = readFileSync(join(workspaceRoot, 'pnpm-workspace.yaml'), 'utf8')
  return (parse(text) as { readonly catalog: Record<string, string> }).catalog
}
