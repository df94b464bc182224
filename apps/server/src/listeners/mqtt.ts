/** The MQTT listener for devices, AWS's 8883: mutual TLS (gateway G1, G8). */
import { leftSilently, type HandshakeWatch, type OnHandshake } from './handshakes.ts'
import { listen, type ListenAddress, type RunningListener } from './listen.ts'
import { certificatePeer, type CertificateNeeds } from './mqtt-certificate.ts'
import { attachHandshaken, type MqttGateway } from './mqtt-socket.ts'
import { mqttFront } from './certificate-fronts.ts'
import type { TlsSettings } from './tls-options.ts'

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
  const server = mqttFront(options.tls, watch, (socket) => {
    const peer = certificatePeer(socket, certificates)
    attachHandshaken(gateway, socket, peer, leftSilently(socket, watch))
  })
  return listen(server, options.address)
}
