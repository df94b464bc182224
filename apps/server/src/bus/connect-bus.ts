/** A process' connection to NATS, which comes back by itself whenever NATS does. */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import {
  connect,
  credsAuthenticator,
  errors,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node'
import { frameBytesMax } from '@muster/link'
import { BusError, busServers, isSecureBus, type BusOptions } from './bus-options.ts'

/** How long to wait before NATS is asked again. */
const againMs = 500
const connectTimeoutMs = 5_000

/** Who connects. */
export interface BusClient {
  /** As NATS lists it. */
  readonly name: string
  /** Where answers to it go. */
  readonly inboxPrefix?: string
  /** Told once when NATS is not there yet. */
  say(line: string): void
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Connects, and waits for a NATS that is not there yet.
 *
 * @throws BusError when NATS refuses the credentials or takes too short messages, its certificate is not trusted,
 *   or the waiting was ended
 */
export async function connectBus(options: BusOptions, client: BusClient): Promise<NatsConnection> {
  const settings = settingsOf(options, client)
  const { signal } = client
  let said = false
  for (;;) {
    try {
      return await checked(options, await connect(settings))
    } catch (cause) {
      if (cause instanceof BusError) throw cause
      if (!isAbsence(cause)) throw refusal(options, cause)
      if (signal?.aborted === true) {
        throw new BusError(`stopped before NATS at ${options.url} answered`, { cause })
      }
      if (!said)
        client.say(`NATS at ${options.url} does not answer yet: asking again until it does`)
      said = true
      await pause(againMs, undefined, { signal }).catch(() => {})
    }
  }
}

/** @throws BusError where NATS does not take the longest frame of a link */
async function checked({ url }: BusOptions, connection: NatsConnection): Promise<NatsConnection> {
  const bytesMax = connection.info?.max_payload ?? Infinity
  if (bytesMax >= frameBytesMax) return connection
  await connection.close()
  throw new BusError(
    `NATS at ${url} takes messages of ${bytesMax} bytes at most: expected a max_payload of at least ${frameBytesMax} in its configuration`,
  )
}

function settingsOf(options: BusOptions, { name, inboxPrefix }: BusClient): ConnectionOptions {
  const { caFile, credentialsFile, url, user } = options
  return {
    name: `muster ${name}`,
    servers: busServers(url),
    timeout: connectTimeoutMs,
    noEcho: true,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: againMs,
    ...(inboxPrefix !== undefined && { inboxPrefix }),
    ...(isSecureBus(options) && {
      tls: caFile === undefined ? {} : { ca: read(caFile, '--bus-ca').toString() },
    }),
    ...(user !== undefined && { user: user.name, pass: user.password }),
    ...(credentialsFile !== undefined && {
      authenticator: credsAuthenticator(read(credentialsFile, '--bus-credentials')),
    }),
  }
}

function read(file: string, flag: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new BusError(`${flag} \`${file}\` cannot be read: ${(cause as Error).message}`, { cause })
  }
}

const absent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ECONNRESET',
])

function isAbsence(cause: unknown): boolean {
  for (let at: unknown = cause; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException
    if (code !== undefined && absent.has(code)) return true
    if (at instanceof errors.TimeoutError) return true
  }
  return false
}

function refusal({ url }: BusOptions, cause: unknown): BusError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new BusError(`NATS at ${url} refuses: ${why}`, { cause })
}
