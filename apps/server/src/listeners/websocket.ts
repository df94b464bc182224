/**
 * MQTT over WebSocket (gateway G1, G12, G126, G127): the upgrade was authenticated with SigV4, the
 * connection is judged by the operator's IAM policies.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { AuthenticatedClient, Authentication, ConnectFacts, Peer } from '@muster/broker'
import { errorAnswer } from '@muster/aws-protocol'
import { principalKind } from '@muster/iam'
import { refuse } from '@muster/model'
import type * as Ws from 'ws'
import type { AccessKey } from '../authentication/access-keys.ts'
import type { ConnectionAuthorizer } from '../authorization/authorizer.ts'
import type { OperatorConnection } from '../authorization/operator-authorization.ts'
import type { Refusals } from '../decisions/refusals.ts'
import { LinkedStream } from '../gateways/linked-stream.ts'
import { endWith } from './http-exchange.ts'
import type { SignedUpgrade } from './http-upgrade.ts'
import { addresses } from './mqtt-certificate.ts'
import { attachMqtt, type MqttGateway } from './mqtt-socket.ts'
import { plainIp } from './plain-ip.ts'
import { serverNameOf } from './secure-socket.ts'
import { webSocketKeys, type WebSocketKeys } from './websocket-key.ts'

const require = createRequire(import.meta.url)

/** What an operator's connection is judged by. */
export interface WebSocketClient extends OperatorConnection {
  readonly key: AccessKey
}

/** How MQTT over WebSocket is set up. */
export interface WebSocketOptions {
  readonly gateway: MqttGateway
  readonly refusals: Pick<Refusals, 'mqtt' | 'request'>
  /** Binds the IAM policies behind an access key to one MQTT connection. */
  operatorConnection(client: WebSocketClient): ConnectionAuthorizer
}

/** Takes authenticated upgrades. */
export interface MqttWebSockets {
  accept(upgrade: SignedUpgrade): void
}

/** gateway G12: a SigV4 WebSocket lives 24 hours. */
const lifetimeSeconds = 86_400
/** A frame may carry many packets; one packet is checked by the broker. */
const frameBytesMax = 1_048_576
/** How long a client that sent its Close frame may keep the socket before it counts as gone. */
const closeTimeoutMs = 250

/** Makes the WebSocket side of the `/mqtt` path; its library is loaded with the first client. */
export function mqttWebSockets(options: WebSocketOptions): MqttWebSockets {
  let opened: OpenedWebSockets | undefined
  return {
    accept: (upgrade) => {
      opened ??= openWebSockets(options)
      const { keys, server } = opened
      const { message, socket, head } = upgrade
      keys.shorten(message)
      server.handleUpgrade(message, socket, head, (webSocket) => join(options, upgrade, webSocket))
    },
  }
}

interface OpenedWebSockets {
  readonly server: Ws.WebSocketServer
  readonly keys: WebSocketKeys
}

function openWebSockets(options: WebSocketOptions): OpenedWebSockets {
  const settings = {
    noServer: true,
    clientTracking: false,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
    closeTimeout: closeTimeoutMs,
    // gateway G126: echo `mqtt` or `mqttv3.1`, whichever was offered; a client that offers
    // neither is told of none.
    handleProtocols: (offered: Set<string>) =>
      ['mqtt', 'mqttv3.1'].find((protocol) => offered.has(protocol)) ?? (false as const),
  }
  const { WebSocketServer } = require('ws') as typeof Ws
  const server = new WebSocketServer(settings)
  // gateway G129: every answer carries both, the 101 and what is no WebSocket handshake too.
  server.on('headers', (headers) => {
    headers.push(`date: ${new Date().toUTCString()}`, `x-amzn-requestid: ${randomUUID()}`)
  })
  server.on('wsClientError', ({ message }, socket, { method, url, socket: { remoteAddress } }) => {
    const refusal = refuse('InvalidRequestException', message).error
    const sourceIp = plainIp(remoteAddress ?? '')
    options.refusals.request({ service: 'iotdata', request: `${method} ${url}`, sourceIp }, refusal)
    endWith(socket, errorAnswer('iotdata', refusal, randomUUID()))
  })
  return { server, keys: webSocketKeys(server) }
}

function join(options: WebSocketOptions, upgrade: SignedUpgrade, webSocket: Ws.WebSocket): void {
  const { message } = upgrade
  const { createWebSocketStream } = require('ws') as typeof Ws
  const stream: Duplex = createWebSocketStream(webSocket)
  const connection = attachMqtt(options.gateway, stream, peer(options, upgrade))
  if (message.socket instanceof LinkedStream) {
    message.socket.onShutDown = () => connection.shutDown()
  }
  // gateway G28: a Close frame is the client's own farewell; 1006 is a socket that broke off.
  webSocket.on('close', (code) => {
    if (code !== 1006) connection.closedByClient()
    else connection.lost()
  })
  webSocket.on('message', (_data, isBinary) => {
    if (isBinary) return
    // MQTT is binary only [MQTT-6.0.0-1]: no farewell of the client's, whatever its Close says.
    webSocket.close(1003)
    options.refusals.mqtt({
      packet: 'MQTT',
      reason: 'CLIENT_ERROR',
      detail: 'a text frame',
      hint: 'send MQTT in binary frames',
      clientId: undefined,
      ...principalOf(upgrade.key),
      thingName: undefined,
      sourceIp: upgrade.sourceIp,
    })
    connection.lost()
  })
  message.socket.setNoDelay(true)
}

function peer(options: WebSocketOptions, upgrade: SignedUpgrade): Peer {
  const { key, message, sourceIp, transport } = upgrade
  return {
    ...socketAddresses(message, sourceIp),
    lifetime: { seconds: lifetimeSeconds, reason: 'WEBSOCKET_TTL_EXPIRATION' },
    authenticate: (connect: ConnectFacts): Authentication => {
      const { clientId, connectAttributes, lastWillTopic } = connect
      const domainName = serverNameOf(message.socket)
      const authorizer = options.operatorConnection({
        key,
        accessKeyId: key.accessKeyId,
        clientId,
        sourceIp,
        transport,
        domainName,
        connectAttributes,
        lastWillTopic,
      })
      return { ok: true, client: { ...principalOf(key), authorizer } }
    },
  }
}

/** `principalIdentifier` of lifecycle events: `ACCOUNT/USERID/USERID` (identities I101). */
function principalOf(key: AccessKey): Pick<AuthenticatedClient, 'principalId' | 'principalKind'> {
  const identity = key.identity()
  if (identity === undefined) return { principalId: key.accessKeyId }
  const { accountId, userId } = identity
  return {
    principalId: `${accountId}/${userId}/${userId}`,
    principalKind: principalKind(identity),
  }
}

function socketAddresses(
  message: IncomingMessage,
  sourceIp: string,
): Pick<Peer, 'sourceIp' | 'sourcePort' | 'targetIp' | 'targetPort'> {
  return { ...addresses(message.socket), sourceIp }
}
