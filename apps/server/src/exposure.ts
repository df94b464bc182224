/**
 * What a server may expose where: beyond loopback nothing is open by default.
 */
import type { ServerOptions } from './options.ts'

/** Options that would expose the server; the message names the flag that is missing. */
export class ExposureError extends Error {
  override readonly name = 'ExposureError'
}

/** Whether only this machine reaches the address. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)
}

/**
 * Refuses a server beyond loopback without an admin token and its own operators (design decision 1).
 *
 * @throws ExposureError
 */
export function checkExposure(
  options: Pick<ServerOptions, 'bind' | 'adminToken' | 'iamFiles' | 'firstOperator'>,
): void {
  if (options.adminToken === '') {
    throw new ExposureError('an empty admin token protects nothing: give one, or none')
  }
  if (isLoopback(options.bind)) return
  if (options.adminToken === undefined) {
    throw new ExposureError(
      `bound to \`${options.bind}\` the admin API needs --admin-token-file, MUSTER_ADMIN_TOKEN or --admin-token`,
    )
  }
  if (options.iamFiles.length === 0 && options.firstOperator === undefined) {
    throw new ExposureError(
      `bound to \`${options.bind}\` operators are needed: give --iam FILE, or ` +
        'MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY in the environment',
    )
  }
}

/**
 * What to know of a server that listens beyond loopback: its certificate, SNI and `Host` check know
 * its host names only (gateway G6).
 *
 * @returns a line for the user; undefined when there is nothing to say
 */
export function exposureNote({
  bind,
  hostnames,
}: Pick<ServerOptions, 'bind' | 'hostnames'>): string | undefined {
  if (isLoopback(bind) || !hostnames.every(isLoopback)) return undefined
  return `bound to ${bind}, but other machines know no name for it: give --hostname NAME`
}
