/** What is released, under which names, and for which Node: said here and nowhere else. */

/** The scope of the released packages' names on a registry. */
export const scope = '@muster'

/** Node releases on which the released packages run; the packages test holds it to be true. */
export const nodeRange = '^22.19.0 || >=24.5.0'

/** Folders of the packages that others install; each makes one tarball, all of one version. */
export const releasedFolders: readonly string[] = [
  'packages/policy',
  'packages/jobs',
  'packages/device',
  'packages/conformance',
  'packages/testcontainers',
  'apps/cli',
]

/** The name under which a folder's package is released: `@muster/policy` of `packages/policy`. */
export function releasedName(folder: string): string {
  return `${scope}/${folder.slice(folder.lastIndexOf('/') + 1)}`
}
