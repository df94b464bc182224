/**
 * A device that runs every job it is told of, at little cost: QoS 1 throughout, one request under way
 * at a time, as AWS's device client does it.
 */
import { packetTypes, type IncomingMessage } from './frames.ts'
import { LeanMqtt, type LeanMqttOptions } from './lean-mqtt.ts'

/** Told of what happens to a device; one for all of them. */
export interface LeanJobsListener {
  /** Connected and subscribed. */
  readonly ready?: (device: LeanJobs) => void
  /** A `notify-next` with an execution arrived. */
  readonly notified?: (device: LeanJobs, jobId: string) => void
  /** An execution has become SUCCEEDED. */
  readonly finished?: (device: LeanJobs, jobId: string) => void
  /** The service rejected a request, which ends the work on its job: by topic, and AWS's code. */
  readonly rejected?: (device: LeanJobs, request: string, code: string) => void
  /** The connection is gone; not when the device ended it. */
  readonly closed?: (device: LeanJobs, cause: Error) => void
}

type State = 'idle' | 'starting' | 'working' | 'finishing'

const EMPTY = Buffer.from('{}')
const PROGRESS = Buffer.from('{"status":"IN_PROGRESS","statusDetails":{"progress":"50"}}')
const SUCCESS = Buffer.from('{"status":"SUCCEEDED"}')

/** One connection's work. */
export class LeanJobs {
  readonly thingName: string
  readonly client: LeanMqtt
  /** Whether it runs the jobs it hears of. */
  runs = true
  readonly #listener: LeanJobsListener
  readonly #prefix: string
  #state: State = 'idle'
  #again = false
  #jobId = ''
  #onPending: (() => void) | undefined

  constructor(options: LeanMqttOptions, listener: LeanJobsListener) {
    this.thingName = options.clientId
    this.#prefix = `$aws/things/${options.clientId}/jobs/`
    this.#listener = listener
    this.client = new LeanMqtt(options, {
      connected: (client) => {
        client.subscribe(['notify', 'notify-next'].map((topic) => this.#prefix + topic))
      },
      packet: (_client, type) => {
        if (type === packetTypes.suback) listener.ready?.(this)
      },
      message: (_client, message) => this.#heard(message),
      closed: (_client, cause) => listener.closed?.(this, cause),
    })
  }

  /** Whether it works on a job. */
  get isBusy(): boolean {
    return this.#state !== 'idle'
  }

  /** Asks for the pending executions and resolves with the round trip, milliseconds. */
  ping(): Promise<number> {
    const startMs = performance.now()
    return new Promise((resolve) => {
      this.#onPending = () => resolve(performance.now() - startMs)
      this.#request('get', EMPTY)
    })
  }

  /** Looks for work, as a device does that was away; nothing where it has some. */
  ask(): void {
    if (this.#state === 'idle') this.#start()
  }

  /** Says of a job that it succeeded, without having run it. */
  succeed(jobId: string): void {
    this.#jobId = jobId
    this.#state = 'finishing'
    this.#request(`${jobId}/update`, SUCCESS)
  }

  /** Says DISCONNECT and closes. */
  end(): void {
    this.client.end()
  }

  #heard({ payload, topic }: IncomingMessage): void {
    const name = topic.slice(this.#prefix.length)
    if (name === 'notify-next') {
      const jobId = jobIdIn(payload)
      if (jobId === undefined) return
      this.#listener.notified?.(this, jobId)
      if (!this.runs) return
      if (this.#state === 'idle') this.#start()
      else this.#again = true
    } else if (name === 'start-next/accepted') {
      this.#started(jobIdIn(payload))
    } else if (name === 'get/accepted') {
      this.#onPending?.()
    } else if (name.endsWith('/update/accepted')) {
      this.#updated()
    } else if (name.endsWith('/rejected')) {
      this.#state = 'idle'
      const code = /"code":"(\w+)"/.exec(payload.toString('latin1'))?.[1] ?? 'Unknown'
      this.#listener.rejected?.(this, name.slice(0, -'/rejected'.length), code)
    }
  }

  #started(jobId: string | undefined): void {
    if (jobId === undefined) {
      this.#state = 'idle'
      return
    }
    this.#jobId = jobId
    this.#state = 'working'
    this.#request(`${jobId}/update`, PROGRESS)
  }

  #updated(): void {
    if (this.#state === 'working') {
      this.#state = 'finishing'
      this.#request(`${this.#jobId}/update`, SUCCESS)
      return
    }
    this.#state = 'idle'
    this.#listener.finished?.(this, this.#jobId)
    if (this.#again) this.#start()
  }

  #start(): void {
    this.#again = false
    this.#state = 'starting'
    this.#request('start-next', EMPTY)
  }

  #request(name: string, payload: Buffer): void {
    this.client.publish(this.#prefix + name, payload, 1)
  }
}

/** The job of the execution that a message tells of. */
function jobIdIn(payload: Buffer): string | undefined {
  return /"jobId":"([^"]+)"/.exec(payload.toString('latin1'))?.[1]
}
