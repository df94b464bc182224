/** Where this machine reaches a server, by the address that it is bound to. */

const EVERY_ADDRESS: Readonly<Record<string, string>> = {
  '0.0.0.0': '127.0.0.1',
  '::': '127.0.0.1',
}

/** The address to connect to: the bound one, or loopback where every address is bound. */
export function reachableAddress(bind: string): string {
  return EVERY_ADDRESS[bind] ?? bind
}

/** The same as it stands in a URL. */
export function urlHost(bind: string): string {
  const address = reachableAddress(bind)
  return address.includes(':') ? `[${address}]` : address
}

/** Whether `localhost` leads to a server bound so. */
export function localhostReaches(bind: string): boolean {
  return ['localhost', '127.0.0.1'].includes(reachableAddress(bind))
}

/** How people and programs of this machine name it in a URL: `localhost` where that leads to it. */
export function shownHost(bind: string): string {
  return localhostReaches(bind) ? 'localhost' : urlHost(bind)
}

/**
 * The names of a server: those given, else `localhost` or the one address that reaches it. That
 * address is always among them, so that certificate and `Host` check know it.
 */
export function hostnames(given: readonly string[], bind: string): readonly string[] {
  if (localhostReaches(bind)) return given.length > 0 ? given : ['localhost']
  return [...new Set([...given, bind])]
}
