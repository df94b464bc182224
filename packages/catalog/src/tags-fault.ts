/** Tags of packages and their versions. */
import type { Refused } from '@muster/model'
import type { CatalogContext } from './catalog-ports.ts'
import { invalid } from './refusals.ts'

/** ValidationException for tags that no resource can be given (neighbours N3, N54). */
export function tagsFault(
  ctx: CatalogContext,
  tags: Readonly<Record<string, string>> | undefined,
): Refused | undefined {
  const checked = tags === undefined ? undefined : ctx.checkTags(tags)
  return checked?.ok === false ? invalid(checked.error.message) : undefined
}
