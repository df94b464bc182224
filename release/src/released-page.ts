/** A package's README as it stands in its tarball. */
import { scope } from './released.ts'

/**
 * The same text without links that lead out of the package, which only the workspace can follow,
 * and with the scope that is released.
 */
export function releasedPage(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]+)\]\((?!\w+:|#)[^)]*\)/g, '$1')
    .replaceAll(/@muster\//g, `${scope}/`)
}
