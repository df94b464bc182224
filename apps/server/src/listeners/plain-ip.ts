/** IPv4 without the prefix that dual-stack sockets give it. */
export function plainIp(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
