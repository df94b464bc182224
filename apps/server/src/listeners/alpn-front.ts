/**
 * The port that stands for AWS's 443 (gateway G1 to G4): one look at the ClientHello decides
 * whether the TLS server behind it demands a client certificate.
 */
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls'
import { ClientHelloReader, type ClientHello } from './alpn-client-hello.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { plainIp } from './plain-ip.ts'
import { watchHandshakes, type HandshakeWatch } from './handshakes.ts'
import { tlsOptions, type TlsSettings } from './tls-options.ts'

/** Who takes what came through TLS, by what ALPN selected. */
export interface AlpnTakers {
  /** `x-amzn-mqtt-ca`, or none of AWS's names with a certificate: MQTT. */
  mqtt(socket: TLSSocket): void
  /** `x-amzn-http-ca`, or the host of the credentials provider: HTTPS with a certificate. */
  https(socket: TLSSocket): void
  /** Everything else: SigV4. */
  signed(socket: TLSSocket): void
}

/** The front, not listening yet, and the TLS servers behind it, whose certificates can change. */
export interface AlpnFront {
  readonly server: Server
  readonly tlsServers: readonly TlsServer[]
}

/** A ClientHello that takes longer, or more bytes, is not waited for. */
const helloMs = 10_000
const helloBytesMax = 65_536

const mqttProtocol = 'x-amzn-mqtt-ca'
const httpProtocol = 'x-amzn-http-ca'
/** gateway G2: HTTP/2 is never selected; `mqtt` would be a custom authorizer, outside the mission. */
const plainProtocols = ['http/1.1']

/** Makes the front. */
export function alpnFront(tls: TlsSettings, watch: HandshakeWatch, takers: AlpnTakers): AlpnFront {
  const withCertificate = certificateServer(tls, watch, takers)
  const plain = plainServer(tls, watch, takers)
  const credentials = credentialsServer(tls, watch, takers)
  const server = createTcpServer({ noDelay: true }, (socket) => {
    const sourceIp = plainIp(socket.remoteAddress ?? '')
    const failed = (code: string): void => {
      watch.refusals.handshake({ code, listener: watch.listener, sourceIp })
    }
    peek(socket, failed, ({ protocols, serverName = '' }) => {
      const names = protocols.includes(mqttProtocol) || protocols.includes(httpProtocol)
      const behind = isCredentialsHost(serverName) ? credentials : names ? withCertificate : plain
      behind.emit('connection', socket)
    })
  })
  return { server, tlsServers: [withCertificate, plain, credentials] }
}

type Hello = Extract<ClientHello, { kind: 'hello' }>

/** neighbours N104: the host that DescribeEndpoint names for `iot:CredentialProvider`. */
function isCredentialsHost(serverName: string): boolean {
  return /\.credentials\.iot\./i.test(serverName)
}

/** Reads until the ClientHello is whole, then puts everything back; hopeless sockets end. */
function peek(
  socket: Socket,
  failed: (code: string) => void,
  decide: (hello: Hello) => void,
): void {
  const hello = new ClientHelloReader()
  const received = new GrowingBytes()
  const done = (): void => {
    clearTimeout(timeout)
    socket.off('data', read)
    socket.off('error', left)
    socket.off('end', left)
  }
  const give = (code: string): void => {
    done()
    if (received.length > 0) failed(code)
    socket.destroy()
  }
  const left = (): void => give('CLIENT_LEFT')
  const timeout = setTimeout(() => give('ERR_TLS_HANDSHAKE_TIMEOUT'), helloMs)
  const read = (bytes: Buffer): void => {
    received.push(bytes)
    const said = hello.push(bytes)
    if (said.kind === 'more' && received.length <= helloBytesMax) return
    if (said.kind !== 'hello') {
      give('NO_TLS')
      return
    }
    done()
    socket.pause()
    socket.unshift(received.bytes)
    decide(said)
  }
  socket.on('data', read)
  socket.on('error', left)
  socket.on('end', left)
  socket.once('close', () => clearTimeout(timeout))
  // Who stands before the port may have put back what it read.
  socket.resume()
}

/** Demands a certificate and speaks what was selected (gateway G3). */
function certificateServer(
  tls: TlsSettings,
  watch: HandshakeWatch,
  { mqtt, https }: AlpnTakers,
): TlsServer {
  const server = createTlsServer(
    {
      ...tlsOptions(tls),
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: [mqttProtocol, httpProtocol],
    },
    (socket: TLSSocket) => {
      if (socket.alpnProtocol === httpProtocol) https(socket)
      else mqtt(socket)
    },
  )
  watchHandshakes(server, watch)
  return server
}

/** Demands a certificate and speaks HTTP, whatever of it the client names (neighbours N104). */
function credentialsServer(
  tls: TlsSettings,
  watch: HandshakeWatch,
  { https }: AlpnTakers,
): TlsServer {
  const server = createTlsServer(
    {
      ...tlsOptions(tls),
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: [...plainProtocols, httpProtocol],
    },
    https,
  )
  watchHandshakes(server, watch)
  return server
}

/** Never asks for a certificate: a SigV4 caller sees no failing request for one (gateway G3). */
function plainServer(tls: TlsSettings, watch: HandshakeWatch, { signed }: AlpnTakers): TlsServer {
  const server = createTlsServer({ ...tlsOptions(tls), ALPNProtocols: plainProtocols }, signed)
  watchHandshakes(server, watch)
  return server
}
