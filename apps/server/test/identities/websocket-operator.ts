/** MQTT 3.1.1 over WebSocket, signed by hand so that the token can stand where a test wants it. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { HttpRequest } from '@smithy/protocol-http'
import type { AwsCredentialIdentity } from '@smithy/types'
import { generate, parser, type Packet } from 'mqtt-packet'
import { WebSocket } from 'ws'

/** Where the session token stands. */
export type TokenPlace = 'after' | 'inside' | 'none'

/** One connection. */
export class WebSocketOperator {
  readonly #socket: WebSocket
  readonly #packets: Packet[] = []
  #wake: () => void = () => undefined
  #ended = false
  #messageId = 1
  /** Whether CONNACK 0 came. */
  connected = false

  private constructor(socket: WebSocket) {
    this.#socket = socket
    const read = parser()
    read.on('packet', (packet: Packet) => {
      this.#packets.push(packet)
      this.#wake()
    })
    socket.on('message', (data: Buffer) => void read.parse(data))
    socket.on('close', () => {
      this.#ended = true
      this.#wake()
    })
    socket.on('error', () => undefined)
  }

  /** Rejects with the status when the upgrade is refused. */
  static async connect(
    server: { readonly httpPort: number },
    keys: AwsCredentialIdentity,
    clientId: string,
    token: TokenPlace = 'after',
  ): Promise<WebSocketOperator> {
    const url = await signedUrl(`127.0.0.1:${server.httpPort}`, keys, token)
    const socket = new WebSocket(url, 'mqtt')
    const operator = new WebSocketOperator(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('unexpected-response', (_, response) =>
        reject(new Error(String(response.statusCode))),
      )
    })
    operator.#send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      keepalive: 0,
      clientId,
    })
    const connack = await operator.#next('connack')
    operator.connected = connack?.cmd === 'connack' && connack.returnCode === 0
    return operator
  }

  /** Publishes at QoS 1; false when the connection ended instead of a PUBACK. */
  async publish(topic: string): Promise<boolean> {
    if (this.#ended) return false
    this.#messageId += 1
    const messageId = this.#messageId
    this.#send({
      cmd: 'publish',
      topic,
      payload: '{}',
      qos: 1,
      dup: false,
      retain: false,
      messageId,
    })
    return (await this.#next('puback')) !== undefined
  }

  #send(packet: Packet): void {
    this.#socket.send(generate(packet))
  }

  async #next(cmd: Packet['cmd']): Promise<Packet | undefined> {
    for (;;) {
      const index = this.#packets.findIndex((packet) => packet.cmd === cmd)
      if (index >= 0) return this.#packets.splice(index, 1)[0]
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

async function signedUrl(
  host: string,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentialIdentity,
  token: TokenPlace,
): Promise<string> {
  const signer = new SignatureV4({
    service: 'iotdevicegateway',
    region: 'us-east-1',
    sha256: Sha256,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(token === 'inside' && sessionToken !== undefined ? { sessionToken } : {}),
    },
  })
  const request = new HttpRequest({
    method: 'GET',
    protocol: 'http:',
    path: '/mqtt',
    headers: { host },
  })
  const { query = {} } = await signer.presign(request, { expiresIn: 300 })
  const parameters = Object.entries(query).map(([name, value]) => [name, String(value)] as const)
  if (token === 'after' && sessionToken !== undefined) {
    parameters.push(['X-Amz-Security-Token', sessionToken])
  }
  const text = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  return `ws://${host}/mqtt?${text}`
}
