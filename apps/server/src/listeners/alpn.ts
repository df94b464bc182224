/** The port that stands for AWS's 443, with what is behind it in this process (gateway G1 to G4). */
import type { RequestListener } from 'node:http'
import { alpnFront } from './alpn-front.ts'
import type { Refusals } from '../decisions/refusals.ts'
import { leftSilently, type HandshakeWatch, type OnHandshake } from './handshakes.ts'
import { deviceHttp, signedHttp } from './http-behind-tls.ts'
import type { Upgrade } from './http.ts'
import { listen, type ListenAddress, type RunningListener } from './listen.ts'
import { certificatePeer, type CertificateNeeds } from './mqtt-certificate.ts'
import { attachHandshaken, type MqttGateway } from './mqtt-socket.ts'
import type { TlsSettings } from './tls-options.ts'

/** How the listener is set up. */
export interface AlpnOptions {
  readonly address: ListenAddress
  readonly tls: TlsSettings
  readonly gateway: MqttGateway
  readonly certificates: CertificateNeeds
  /** Serves `x-amzn-http-ca`: devices with a certificate. */
  readonly deviceRequests: RequestListener
  /** Serves everything without AWS's ALPN names: operators with SigV4. */
  readonly signedRequests: RequestListener
  /** MQTT over WebSocket with SigV4. */
  readonly upgrade: Upgrade
  readonly refusals: Pick<Refusals, 'handshake' | 'request'>
  readonly handshakes: OnHandshake
}

/** Starts listening; rejects with the system's error when the port is taken. */
export function startAlpn(options: AlpnOptions): Promise<RunningListener> {
  const { gateway, certificates, handshakes, refusals } = options
  const watch: HandshakeWatch = { handshakes, refusals, listener: 'ALPN' }
  const device = deviceHttp(options)
  const signed = signedHttp(options)
  const { server } = alpnFront(options.tls, watch, {
    mqtt: (socket) => {
      const peer = certificatePeer(socket, certificates)
      attachHandshaken(gateway, socket, peer, leftSilently(socket, watch))
    },
    https: (socket) => device.emit('connection', socket),
    signed: (socket) => signed.emit('connection', socket),
  })
  return listen(server, options.address)
}
