/** TLS as the ports for devices end it: a certificate is asked for, whichever is taken (gateway G8). */
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { watchHandshakes, type HandshakeWatch } from './handshakes.ts'
import { tlsOptions, type TlsSettings } from './tls-options.ts'

/** The MQTT port's server, not listening yet. */
export function mqttFront(
  tls: TlsSettings,
  watch: HandshakeWatch,
  take: (socket: TLSSocket) => void,
): Server {
  // No ALPN list: clients that offer `x-amzn-mqtt-ca` here, as on 443, must not be refused.
  const server = createServer(
    { ...tlsOptions(tls), requestCert: true, rejectUnauthorized: false, noDelay: true },
    take,
  )
  watchHandshakes(server, watch)
  return server
}

/** The HTTPS port's, where HTTP is spoken elsewhere. */
export function httpsFront(
  tls: TlsSettings,
  watch: HandshakeWatch,
  take: (socket: TLSSocket) => void,
): Server {
  const server = createServer(
    {
      ...tlsOptions(tls),
      requestCert: true,
      rejectUnauthorized: false,
      noDelay: true,
      // As HTTP servers have it: who has asked and closed its side still reads the answer.
      allowHalfOpen: true,
      ALPNProtocols: ['http/1.1'],
    },
    take,
  )
  watchHandshakes(server, watch)
  return server
}
