/**
 * The admin API of the server that served this page (`/_muster/`): what AWS's protocols cannot
 * carry. Against any other endpoint it is not there.
 */

/** The server's clock as `GET /_muster/clock` tells it. */
export interface ClockReading {
  readonly nowMs: number
  /** `virtual`, or a name for one that goes by itself. */
  readonly mode: string
  /** Seconds of the server in one second of the world; 0 for a virtual clock. */
  readonly rate: number
}

/** An answer of the admin API other than success. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  /** HTTP status: 401 without the token, 404 for a part that this server does not have. */
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Calls the admin API. */
export class AdminClient {
  readonly #origin: string
  readonly #token: string

  /** @param token - `--admin-token` of the server, empty where it has none */
  constructor(origin: string, token: string) {
    this.#origin = origin
    this.#token = token
  }

  /**
   * @param path - below `/_muster/`: `jobs/reboot/progress`
   * @throws AdminError for any answer but success; TypeError when the server does not answer
   */
  async get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.#json('GET', path, undefined, signal)
  }

  /** As {@link get}; null where there is no such resource (404). */
  async find<Answer>(path: string, signal?: AbortSignal): Promise<Answer | null> {
    return this.get<Answer>(path, signal).catch((cause: unknown) => {
      if (cause instanceof AdminError && cause.status === 404) return null
      throw cause
    })
  }

  /** As {@link get}, with another method and a body. */
  async send<Answer>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<Answer> {
    return this.#json(method, path, body)
  }

  clock(signal?: AbortSignal): Promise<ClockReading> {
    return this.get('clock', signal)
  }

  /** Whether there is a thing of this name; unlike DescribeThing it is no refusal where there is none. */
  async isThing(thingName: string): Promise<boolean> {
    const path = `things/${encodeURIComponent(thingName)}/timeline?limit=1`
    return (await this.find<{ readonly isThing: boolean }>(path))?.isThing ?? false
  }

  /** Moves a virtual clock; its due work is done when this resolves. */
  advance(seconds: number): Promise<ClockReading> {
    return this.send('POST', 'clock', { advanceSeconds: seconds })
  }

  /**
   * Reads server-sent events until `signal` ends it or the server does.
   *
   * @throws as {@link get}, and an AbortError when `signal` ended it
   */
  async events(
    path: string,
    onEvent: (event: { readonly name: string; readonly data: string }) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.#fetch('GET', path, undefined, signal, 'text/event-stream')
    if (!response.body) return
    let pending = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (pending + text).split(/\r?\n\r?\n/)
      pending = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = serverSentEvent(block)
        if (event) onEvent(event)
      }
    }
  }

  async #json<Answer>(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await this.#fetch(method, path, body, signal, 'application/json')
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  async #fetch(
    method: string,
    path: string,
    body: object | undefined,
    signal: AbortSignal | undefined,
    accept: string,
  ): Promise<Response> {
    const response = await fetch(`${this.#origin}/_muster/${path}`, {
      method,
      headers: {
        accept,
        ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (!response.ok) throw new AdminError(response.status, await messageOf(response))
    return response
  }
}

/** One block of a stream of server-sent events; undefined for comments. */
export function serverSentEvent(block: string): { name: string; data: string } | undefined {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('event:')) name = line.slice(6).trim()
    if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
  return data.length === 0 ? undefined : { name, data: data.join('\n') }
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text === '' ? `answered ${response.status}` : text
  }
}
