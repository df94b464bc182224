/** Requests to the admin API of a server on this machine. */
import { adminToken } from './admin-token.ts'
import { localServer, type LocalServerFlags } from './local-server.ts'
import { urlHost } from '../serve/reachable-host.ts'

/** Flags by which a command finds the admin API and shows that it may use it. */
export interface AdminFlags extends LocalServerFlags {
  readonly adminToken?: string
  readonly adminTokenFile?: string
}

/** What to ask for. */
export interface AdminQuery {
  /** Below `/_muster/`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly accept?: string
  readonly signal?: AbortSignal
  /** Sent as JSON by POST; a GET without one. */
  readonly body?: object
}

/** The admin API answered, but not with what was asked for. */
export class AdminRefusal extends Error {
  override readonly name = 'AdminRefusal'
  /** Of HTTP. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Asks the server that the flags name.
 *
 * @throws AdminRefusal with what the server answered when it refuses; Error with where it was looked for when it
 *   does not answer
 */
export async function askAdmin(flags: AdminFlags, asked: AdminQuery): Promise<Response> {
  const { running, httpPort } = localServer(flags)
  const host = running === undefined ? 'localhost' : urlHost(running.bind)
  const url = new URL(`http://${host}:${httpPort}/_muster/${asked.path}`)
  for (const [name, value] of Object.entries(asked.query ?? {})) url.searchParams.set(name, value)
  const token = adminToken({
    flag: flags.adminToken,
    file: flags.adminTokenFile,
    environment: process.env['MUSTER_ADMIN_TOKEN'],
  })
  const response = await fetch(url, {
    ...(asked.body !== undefined && { method: 'POST', body: JSON.stringify(asked.body) }),
    headers: {
      ...(asked.accept !== undefined && { accept: asked.accept }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(asked.signal !== undefined && { signal: asked.signal }),
  }).catch((cause: unknown) => {
    const { code, message } = (cause as { readonly cause?: { code?: string; message?: string } })
      .cause ?? { message: String(cause) }
    throw new Error(`no server answers at ${url.origin} (${code ?? message}): \`muster up\``, {
      cause,
    })
  })
  if (response.ok) return response
  const { status } = response
  throw new AdminRefusal(status, refusal(await response.text()) ?? `${url.href} answered ${status}`)
}

function refusal(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
