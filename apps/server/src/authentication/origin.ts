/**
 * Guards against web pages: any page can reach a loopback port, and one that rebinds its name to
 * 127.0.0.1 can even read the answers (design decision 1).
 */
import { timingSafeEqual } from 'node:crypto'
import { accept, refuse, type Outcome } from '@muster/model'

/** Request headers by lower-case name. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Whether the request's `Host` is one this server is known by, with any port. */
function knownHost({ host }: Headers, knownHosts: readonly string[]): boolean {
  return typeof host === 'string' && knownHosts.includes(hostName(host))
}

/** Whether the request comes from a page that this very host and port did not serve. */
function foreignOrigin({ origin, host }: Headers): boolean {
  if (origin === undefined) return false
  if (typeof origin !== 'string' || !URL.canParse(origin)) return true
  return new URL(origin).host !== String(host).toLowerCase()
}

/** Whether the request comes from a page of another machine; any port of this one is home. */
export function foreignSite(headers: Headers, knownHosts: readonly string[]): boolean {
  const { origin } = headers
  // Images, frames and links come without an Origin: the browser tells their page's site alone.
  if (origin === undefined) return headers['sec-fetch-site'] === 'cross-site'
  if (typeof origin !== 'string' || !URL.canParse(origin)) return true
  return !knownHosts.includes(hostName(new URL(origin).host))
}

/** Host name without port and in lower case; IPv6 addresses keep their brackets. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}

/** Who may use the admin API and the console. */
export interface BrowserGuard {
  /** Host names by which the server is known: `localhost`, `127.0.0.1`, `[::1]`, `--hostname`. */
  readonly knownHosts: readonly string[]
  /** `--admin-token`; required once the server is bound beyond loopback. */
  readonly adminToken: string | undefined
}

/**
 * Lets a request through to the admin API or the console.
 *
 * Refuses with `ForbiddenException` an unknown `Host` (a rebound name) or a foreign `Origin`, and
 * with `UnauthorizedException` a request without the admin token where one is set: it is taken
 * from `Authorization: Bearer`, and from no cookie.
 */
export function guardBrowser(
  guard: BrowserGuard,
  headers: Headers,
  needsToken: boolean,
): Outcome<undefined> {
  if (!knownHost(headers, guard.knownHosts)) {
    return refuse('ForbiddenException', `Unknown Host '${String(headers.host)}'`)
  }
  if (foreignOrigin(headers)) {
    return refuse('ForbiddenException', `Foreign Origin '${String(headers.origin)}'`)
  }
  if (needsToken && guard.adminToken !== undefined && !carriesToken(headers, guard.adminToken)) {
    return refuse('UnauthorizedException', 'Expected `Authorization: Bearer <admin token>`')
  }
  return accept(undefined)
}

/** Which pages may make calls that nobody signs. */
export interface UnsignedGuard {
  readonly knownHosts: readonly string[]
  /** Origins of `--cors-origin`. */
  readonly corsOrigins: readonly string[]
}

/**
 * Lets a call through that carries no signature (identities I108): without one nothing tells a page
 * on the internet from a program on this machine but what its browser says.
 *
 * Refuses with `ForbiddenException` an unknown `Host` (a rebound name) and a page of another site.
 */
export function guardUnsigned(guard: UnsignedGuard, headers: Headers): Outcome<undefined> {
  if (!knownHost(headers, guard.knownHosts)) {
    return refuse('ForbiddenException', `Unknown Host '${String(headers.host)}'`)
  }
  const { origin } = headers
  if (typeof origin === 'string' && guard.corsOrigins.includes(origin)) return accept(undefined)
  return foreignSite(headers, guard.knownHosts)
    ? refuse(
        'ForbiddenException',
        `Web pages of ${String(origin ?? 'another site')} may not call this server: name them with --cors-origin`,
      )
    : accept(undefined)
}

function carriesToken({ authorization }: Headers, token: string): boolean {
  const wanted = Buffer.from(`Bearer ${token}`)
  const given = Buffer.from(typeof authorization === 'string' ? authorization : '')
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}
