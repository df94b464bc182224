/** A device that runs every job it is told of, at little cost: one socket, packets by mqtt-packet. */
import { connect, createSecureContext, type TLSSocket } from 'node:tls'
import { generate, parser } from 'mqtt-packet'
import type { BenchDevice } from './fleet.ts'

/** What a device tells the benchmark. */
export interface DeviceEvents {
  /** A `notify-next` with an execution arrived. */
  notified?(device: DeviceClient): void
  /** An execution went from `notify-next` to SUCCEEDED. */
  finished?(device: DeviceClient): void
  failed(cause: Error): void
}

type State = 'idle' | 'starting' | 'working' | 'finishing'

/** QoS 1 throughout, one request in flight, as AWS's device client does it. */
export class DeviceClient {
  readonly thingName: string
  /** Whether it runs the jobs it hears of. */
  runs = true
  readonly #events: DeviceEvents
  readonly #socket: TLSSocket
  readonly #prefix: string
  #state: State = 'idle'
  #again = false
  #jobId = ''
  #messageId = 0
  #onReply: (() => void) | undefined

  constructor(port: number, device: BenchDevice, events: DeviceEvents, ready: () => void) {
    this.thingName = device.thingName
    this.#prefix = `$aws/things/${device.thingName}/jobs/`
    this.#events = events
    const { certificatePem: cert, privateKeyPem: key } = device
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      secureContext: createSecureContext({ cert, key }),
      rejectUnauthorized: false,
      ecdhCurve: 'X25519',
    })
    this.#socket.setNoDelay(true)
    this.#socket.on('error', (cause) => events.failed(cause))
    this.#socket.on('close', () => events.failed(new Error(`${this.thingName} was closed`)))
    const clientId = this.thingName
    this.#socket.write(generate({ cmd: 'connect', clientId, clean: true, keepalive: 600 }))
    const packets = parser({ protocolVersion: 4 })
    packets.on('packet', (packet) => {
      if (packet.cmd === 'connack') this.#subscribe()
      else if (packet.cmd === 'suback') ready()
      else if (packet.cmd === 'publish') {
        if (packet.qos === 1) {
          this.#socket.write(generate({ cmd: 'puback', messageId: packet.messageId ?? 0 }))
        }
        this.#heard(packet.topic.slice(this.#prefix.length), packet.payload as Buffer)
      }
    })
    this.#socket.on('data', (bytes) => {
      // One write for the acknowledgement and the next request.
      this.#socket.cork()
      packets.parse(bytes as Buffer)
      this.#socket.uncork()
    })
  }

  /** Asks for the pending executions and resolves with the round trip, milliseconds. */
  ping(): Promise<number> {
    const startMs = performance.now()
    return new Promise((resolve) => {
      this.#onReply = () => resolve(performance.now() - startMs)
      this.#publish('get', '{}')
    })
  }

  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.removeAllListeners('error')
    this.#socket.on('error', () => {})
    this.#socket.end(generate({ cmd: 'disconnect' }))
  }

  #heard(topic: string, payload: Buffer): void {
    if (topic === 'notify-next') {
      if (payload.indexOf('"execution"') < 0) return
      this.#events.notified?.(this)
      if (!this.runs) return
      if (this.#state === 'idle') this.#start()
      else this.#again = true
    } else if (topic === 'start-next/accepted') {
      const jobId = /"jobId":"([^"]+)"/.exec(payload.toString('latin1'))?.[1]
      if (jobId === undefined) {
        this.#state = 'idle'
        return
      }
      this.#jobId = jobId
      this.#state = 'working'
      this.#publish(
        `${jobId}/update`,
        '{"status":"IN_PROGRESS","statusDetails":{"progress":"50"},"clientToken":"a"}',
      )
    } else if (topic === 'get/accepted') {
      this.#onReply?.()
    } else if (topic.endsWith('/update/accepted')) {
      this.#updated()
    } else if (topic.endsWith('/rejected')) {
      this.#events.failed(new Error(`${topic}: ${payload.toString()}`))
    }
  }

  #updated(): void {
    if (this.#state === 'working') {
      this.#state = 'finishing'
      this.#publish(`${this.#jobId}/update`, '{"status":"SUCCEEDED","clientToken":"b"}')
      return
    }
    this.#state = 'idle'
    this.#events.finished?.(this)
    if (this.#again) this.#start()
  }

  #start(): void {
    this.#again = false
    this.#state = 'starting'
    this.#publish('start-next', '{}')
  }

  #publish(topic: string, payload: string): void {
    this.#messageId = (this.#messageId % 65_535) + 1
    this.#socket.write(
      generate({
        cmd: 'publish',
        topic: this.#prefix + topic,
        payload,
        qos: 1,
        messageId: this.#messageId,
        dup: false,
        retain: false,
      }),
    )
  }

  #subscribe(): void {
    const topics = ['notify', 'notify-next'].map((topic) => this.#prefix + topic)
    const subscriptions = topics.map((topic) => ({ topic, qos: 1 as const }))
    this.#socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }))
  }
}
