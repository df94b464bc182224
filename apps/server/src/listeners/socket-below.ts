import { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** The TCP socket under a TLS one. Node has no public name for it. */
export function socketBelow(socket: TLSSocket): Socket | undefined {
  const below: unknown = Reflect.get(socket, '_parent')
  return below instanceof Socket ? below : undefined
}
