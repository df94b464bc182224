/** What a job that succeeded installed on a thing, as its `$package` shadow tells it (neighbours N71). */
import { namesInArn, packageArn } from './arns.ts'
import type { CatalogContext } from './catalog-ports.ts'

/** AWS's name of a version that is none: the package is uninstalled. */
const NONE = '$null'

/** The shadow's name (neighbours N72). */
export const PACKAGE_SHADOW = '$package'

/**
 * The update of the shadow.
 *
 * @param destinations - ARNs of versions as the job has them
 * @returns JSON text; undefined while the configuration says no, and where nothing is left to tell:
 *   a version that was deleted meanwhile is skipped
 */
export function installedVersions(
  ctx: CatalogContext,
  destinations: readonly string[],
): string | undefined {
  if (ctx.state.configuration()?.enabled !== true) return undefined
  const reported = new Map<string, { readonly version: string } | null>()
  for (const arn of destinations) {
    const [base = '', version] = arn.split('/version/')
    const { packageName } = namesInArn(ctx.account, base) ?? {}
    if (packageName === undefined || packageArn(ctx.account, packageName) !== base) continue
    if (version === NONE) reported.set(packageName, null)
    else if (version !== undefined && ctx.state.version(packageName, version) !== undefined) {
      reported.set(packageName, { version })
    }
  }
  if (reported.size === 0) return undefined
  return JSON.stringify({ state: { reported: Object.fromEntries(reported) } })
}
