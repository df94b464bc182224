/**
 * The mutual-TLS socket under both transports.
 */
import { isIP } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { DeviceEndpoint } from './endpoint.ts'
import type { DeviceIdentity } from './identity.ts'

/** How a device opens its sockets. */
export interface TlsOptions {
  /** Source address; the system chooses when left out. */
  readonly localAddress?: string
  /** ALPN protocols to offer, `x-amzn-mqtt-ca` on port 443; none when left out. */
  readonly alpnProtocols?: readonly string[]
  /**
   * Key agreement groups in OpenSSL's words. `X25519` saves 12 KB a connection against the hybrid
   * post-quantum default; it is the default here because fleets are simulated by the thousand.
   */
  readonly ecdhCurve?: string
  /** Ciphers in OpenSSL's words; Node's when left out. */
  readonly ciphers?: string
  /** From {@link deviceSecureContext}, for a device that connects often; made anew without it. */
  readonly secureContext?: SecureContext
}

/**
 * A TLS context holding one device's certificate: about 39 KB, so it is made when the device
 * connects and lives as long as its socket.
 *
 * @throws Error when the PEMs cannot be parsed or the key does not belong to the certificate
 */
export function deviceSecureContext(
  endpoint: DeviceEndpoint,
  identity: DeviceIdentity | undefined,
  options: TlsOptions,
): SecureContext {
  return createSecureContext({
    ...(identity && { cert: identity.certificatePem, key: identity.privateKeyPem }),
    ...(endpoint.caPem === undefined ? {} : { ca: endpoint.caPem }),
    ...(options.ciphers === undefined ? {} : { ciphers: options.ciphers }),
    ecdhCurve: options.ecdhCurve ?? 'X25519',
    minVersion: 'TLSv1.2',
  })
}

/**
 * Opens a mutual-TLS socket; errors arrive on the socket.
 *
 * @param identity - not needed with a context that holds it
 */
export function openTlsSocket(
  endpoint: DeviceEndpoint,
  port: number,
  identity: DeviceIdentity | undefined,
  options: TlsOptions,
): TLSSocket {
  const serverName = endpoint.serverName ?? endpoint.host
  return connect({
    host: endpoint.host,
    port,
    secureContext: options.secureContext ?? deviceSecureContext(endpoint, identity, options),
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    ...(options.alpnProtocols === undefined ? {} : { ALPNProtocols: [...options.alpnProtocols] }),
  })
}
