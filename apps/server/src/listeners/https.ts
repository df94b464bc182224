/** The HTTPS listener for devices, AWS's 8443: mutual TLS, data planes only (gateway G1). */
import { createServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import { deviceListener, type DeviceNeeds } from './http-device.ts'
import { watchHandshakes, type OnHandshake } from './handshakes.ts'
import { limitServer, serverLimits } from './http-limits.ts'
import { answerUnreadable, hostRequired } from './http-unreadable.ts'
import { listen, type ListenAddress, type RunningListener } from './listen.ts'

/** How the listener is set up. */
export interface HttpsOptions {
  readonly address: ListenAddress
  /** Server certificates, SNI and the rest of the TLS settings. */
  readonly tls: TlsOptions
  readonly device: DeviceNeeds
  readonly handshakes: OnHandshake
  readonly connectionsMax?: number
}

/** Most connections at a time when nothing else is said. */
const connectionsMaxDefault = 20_000

/** Starts listening; rejects with the system's error when the port is taken. */
export function startHttps(options: HttpsOptions): Promise<RunningListener> {
  const server = createServer(
    {
      ...serverLimits,
      handshakeTimeout: 10_000,
      ...options.tls,
      // Any certificate completes the handshake; registration is judged per request (G8).
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    },
    hostRequired(deviceListener(options.device), options.device.refusals, 'iotdata'),
  )
  answerUnreadable(server, options.device.refusals, 'iotdata')
  limitServer(server, options.connectionsMax ?? connectionsMaxDefault)
  const { device, handshakes } = options
  watchHandshakes(server, { handshakes, refusals: device.refusals, listener: 'HTTPS' })
  return listen(server, options.address)
}
