/**
 * The port that stands for AWS's 443 (gateway G1 to G4): one look at the ClientHello decides
 * whether the server behind it demands a client certificate.
 */
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { ClientHelloReader, type ClientHello } from './alpn-client-hello.ts'
import type { Refusals } from '../decisions/refusals.ts'
import {
  leftSilently,
  watchHandshakes,
  type HandshakeWatch,
  type OnHandshake,
} from './handshakes.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { plainIp } from './http-exchange.ts'
import { limitServer, serverLimits } from './http-limits.ts'
import { answerUnreadable, hostRequired } from './http-unreadable.ts'
import type { Upgrade } from './http.ts'
import { listen, type ListenAddress, type RunningListener } from './listen.ts'
import { certificatePeer, type CertificateNeeds } from './mqtt-certificate.ts'
import { attachHandshaken, type MqttGateway } from './mqtt-socket.ts'
import { tlsOptions, type TlsSettings } from './tls-options.ts'

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

/** A ClientHello that takes longer, or more bytes, is not waited for. */
const helloMs = 10_000
const helloBytesMax = 65_536
const connectionsMax = 20_000

const mqttProtocol = 'x-amzn-mqtt-ca'
const httpProtocol = 'x-amzn-http-ca'
/** gateway G2: HTTP/2 is never selected; `mqtt` would be a custom authorizer, outside the mission. */
const plainProtocols = ['http/1.1']

/** Starts listening; rejects with the system's error when the port is taken. */
export function startAlpn(options: AlpnOptions): Promise<RunningListener> {
  const withCertificate = certificateServer(options)
  const plain = plainServer(options)
  const credentials = credentialsServer(options)
  const front = createTcpServer({ noDelay: true }, (socket) => {
    const sourceIp = plainIp(socket.remoteAddress ?? '')
    const failed = (code: string): void => {
      options.refusals.handshake({ code, listener: 'ALPN', sourceIp })
    }
    peek(socket, failed, ({ protocols, serverName = '' }) => {
      const names = protocols.includes(mqttProtocol) || protocols.includes(httpProtocol)
      const server = isCredentialsHost(serverName) ? credentials : names ? withCertificate : plain
      server.emit('connection', socket)
    })
  })
  return listen(front, options.address)
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
}

function watchOf({ handshakes, refusals }: AlpnOptions): HandshakeWatch {
  return { handshakes, refusals, listener: 'ALPN' }
}

/** Demands a certificate and speaks what was selected (gateway G3). */
function certificateServer(options: AlpnOptions): Server {
  const { gateway, certificates } = options
  const watch = watchOf(options)
  const http = createHttpServer(
    serverLimits,
    hostRequired(options.deviceRequests, options.refusals, 'iotdata'),
  )
  answerUnreadable(http, options.refusals, 'iotdata')
  limitServer(http, connectionsMax)
  const server = createTlsServer(
    {
      ...tlsOptions(options.tls),
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: [mqttProtocol, httpProtocol],
    },
    (socket: TLSSocket) => {
      if (socket.alpnProtocol === httpProtocol) http.emit('connection', socket)
      else {
        const peer = certificatePeer(socket, certificates)
        attachHandshaken(gateway, socket, peer, leftSilently(socket, watch))
      }
    },
  )
  watchHandshakes(server, watch)
  return server
}

/** Demands a certificate and speaks HTTP, whatever of it the client names (neighbours N104). */
function credentialsServer(options: AlpnOptions): Server {
  const http = createHttpServer(
    serverLimits,
    hostRequired(options.deviceRequests, options.refusals, 'iotdata'),
  )
  answerUnreadable(http, options.refusals, 'iotdata')
  limitServer(http, connectionsMax)
  const server = createTlsServer(
    {
      ...tlsOptions(options.tls),
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: [...plainProtocols, httpProtocol],
    },
    (socket) => http.emit('connection', socket),
  )
  watchHandshakes(server, watchOf(options))
  return server
}

/** Never asks for a certificate: a SigV4 caller sees no failing request for one (gateway G3). */
function plainServer(options: AlpnOptions): Server {
  const http = createHttpServer(
    serverLimits,
    hostRequired(options.signedRequests, options.refusals),
  )
  answerUnreadable(http, options.refusals)
  limitServer(http, connectionsMax)
  http.on('upgrade', options.upgrade)
  const server = createTlsServer(
    { ...tlsOptions(options.tls), ALPNProtocols: plainProtocols },
    (socket) => http.emit('connection', socket),
  )
  watchHandshakes(server, watchOf(options))
  return server
}
