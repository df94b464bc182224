import type { HandshakenSocket } from '@muster/server/in-process'
import type { Identity } from './fleet.ts'

/** A device's connection past its handshake, as much of it as a request looks at. */
export function httpsSocket({ certificate }: Identity): HandshakenSocket {
  return {
    getPeerX509Certificate: () => certificate,
    getPeerCertificate: (() => ({})) as HandshakenSocket['getPeerCertificate'],
    remoteAddress: '10.0.0.1',
    remotePort: 40_000,
    localAddress: '127.0.0.1',
    localPort: 8443,
    servername: 'localhost',
  }
}
