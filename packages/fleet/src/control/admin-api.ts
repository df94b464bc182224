/** The admin API of a local server; AWS has none. */
import type { Endpoints } from '../endpoints.ts'

/** Where the API is; `controlUrl` is absent on AWS. */
export type AdminTarget = Pick<Endpoints, 'controlUrl' | 'adminToken'>

/**
 * Asks it.
 *
 * @param path - below `/_muster/`
 * @returns undefined where there is none
 */
export async function askAdmin(
  { adminToken, controlUrl }: AdminTarget,
  path: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<Response | undefined> {
  if (controlUrl === undefined) return undefined
  const headers = new Headers(init.headers)
  if (adminToken !== undefined) headers.set('authorization', `Bearer ${adminToken}`)
  return fetch(new URL(`/_muster/${path}`, controlUrl), { ...init, headers })
}
