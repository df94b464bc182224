/** The MQTT listener for devices, AWS's 8883: mutual TLS (gateway G1, G8). */
import { createServer } from 'node:tls'
import { listen, type ListenAddress, type RunningListener } from './listen.ts'
import { certificatePeer, type CertificateNeeds } from './mqtt-certificate.ts'
import { attachHandshaken, type MqttGateway } from './mqtt-socket.ts'
import { tlsOptions, type TlsSettings } from './tls-options.ts'

/** How the listener is set up. */
export interface MqttOptions {
  readonly address: ListenAddress
  readonly tls: TlsSettings
  readonly gateway: MqttGateway
  readonly certificates: CertificateNeeds
}

/**
 * Starts listening; rejects with the system's error when the port is taken. Any certificate
 * completes the handshake: registration is judged at CONNECT.
 */
export function startMqtt(options: MqttOptions): Promise<RunningListener> {
  const { gateway, certificates } = options
  // No ALPN list: clients that offer `x-amzn-mqtt-ca` here, as on 443, must not be refused.
  const server = createServer(
    { ...tlsOptions(options.tls), requestCert: true, rejectUnauthorized: false, noDelay: true },
    (socket) => attachHandshaken(gateway, socket, certificatePeer(socket, certificates)),
  )
  // A failed handshake is the peer's affair: its socket is closed already.
  server.on('tlsClientError', (_cause, socket) => socket.destroy())
  return listen(server, options.address)
}
