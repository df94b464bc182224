/** The MQTT listener for devices, AWS's 8883: mutual TLS (gateway G1, G8). */
import { createServer } from 'node:tls'
import {
  leftSilently,
  watchHandshakes,
  type HandshakeWatch,
  type OnHandshake,
} from './handshakes.ts'
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
  readonly handshakes: OnHandshake
}

/**
 * Starts listening; rejects with the system's error when the port is taken. Any certificate
 * completes the handshake: registration is judged at CONNECT.
 */
export function startMqtt(options: MqttOptions): Promise<RunningListener> {
  const { gateway, certificates, handshakes } = options
  const { refusals } = certificates
  const watch: HandshakeWatch = { handshakes, refusals, listener: 'MQTT' }
  // No ALPN list: clients that offer `x-amzn-mqtt-ca` here, as on 443, must not be refused.
  const server = createServer(
    { ...tlsOptions(options.tls), requestCert: true, rejectUnauthorized: false, noDelay: true },
    (socket) => {
      const peer = certificatePeer(socket, certificates)
      attachHandshaken(gateway, socket, peer, leftSilently(socket, watch))
    },
  )
  watchHandshakes(server, watch)
  return listen(server, options.address)
}
