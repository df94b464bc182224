/** This server playing AWS: a profile that names it, and a door in front of it that tests can tamper with. */
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import type { ServerOptions } from '@muster/server'

/** An answer of the server, before it goes out. */
export interface DoorAnswer {
  readonly operation: string
  status: number
  readonly headers: Record<string, string | string[] | undefined>
  body: string
}

/** What stands between the command and the server. */
export interface Door {
  /** Looks at a request; what it returns is answered instead of asking the server. */
  before: (operation: string, count: number) => Partial<DoorAnswer> | 'hang up' | undefined
  /** Changes an answer. */
  after: (answer: DoorAnswer) => void
  /** Requests that came. */
  count: number
}

/** A server behind a door, and how the command is told of it. */
export interface PlayedAccount {
  readonly door: Door
  server: TestServer
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** Flags of the profile and of a quick run. */
  readonly flags: () => readonly string[]
  close(): Promise<void>
}

/** Starts both. */
export async function playAccount(
  options: Partial<ServerOptions> = {},
  profile: (endpoint: string) => string = keysOfTest,
): Promise<PlayedAccount> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-account-'))
  const server = await startTestServer({ clock: 'system', awsEndpointForm: true, ...options })
  const door: Door = { before: () => undefined, after: () => {}, count: 0 }
  const account = { door, server, folder }
  const front = createServer((incoming, outgoing) => {
    void pass(account, incoming).then((answer) => {
      if (answer === undefined) return incoming.socket.destroy()
      const {
        'transfer-encoding': _encoding,
        'content-length': _length,
        ...headers
      } = answer.headers
      return outgoing.writeHead(answer.status, headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  writeFileSync(join(folder, 'config'), profile(endpoint))
  writeFileSync(join(folder, 'ca.pem'), server.caPem)
  return Object.assign(account, {
    env: {
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    },
    flags: () => [
      '--profile=play',
      '--prefix=chk',
      `--ca=${join(folder, 'ca.pem')}`,
      `--data-endpoint=localhost:${account.server.mqttPort}`,
      `--https-port=${account.server.httpsPort}`,
      '--rate=1000',
      '--quiet=0.03',
      '--patience=0.5',
    ],
    close: async () => {
      front.closeAllConnections()
      front.close()
      await account.server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  })
}

/** A profile with an endpoint by service, as AWS's own tools read it. */
export function servicesOf(endpoint: string): string {
  const services = ['iot', 'iot_data_plane', 'iot_jobs_data_plane', 'sts']
  return [
    '[services played]',
    ...services.map((service) => `${service} =\n  endpoint_url = ${endpoint}`),
  ].join('\n')
}

function keysOfTest(endpoint: string): string {
  return `[profile play]
region = us-east-1
services = played
aws_access_key_id = test
aws_secret_access_key = test
${servicesOf(endpoint)}
`
}

/** @returns the answer; undefined to hang up */
async function pass(
  { door, server }: { readonly door: Door; readonly server: TestServer },
  incoming: IncomingMessage,
): Promise<DoorAnswer | undefined> {
  const body = await bytesOf(incoming)
  const { method = 'GET', url = '/', headers } = incoming
  const operation = operationOf(method, url)
  door.count += 1
  const instead = door.before(operation, door.count)
  if (instead === 'hang up') return undefined
  if (instead !== undefined) {
    return { operation, status: 200, headers: {}, body: '{}', ...instead }
  }
  const { promise, resolve } = Promise.withResolvers<IncomingMessage | undefined>()
  const { httpPort: port } = server
  const asked = request({ host: '127.0.0.1', port, method, path: url, headers }, resolve)
  asked.once('error', () => resolve(undefined))
  asked.end(body)
  const answered = await promise
  if (answered === undefined) return undefined
  const answer: DoorAnswer = {
    operation,
    status: answered.statusCode ?? 500,
    headers: answered.headers,
    body: (await bytesOf(answered)).toString('utf8'),
  }
  door.after(answer)
  return answer
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The operations that tests speak of, by their routes; the route itself for the others. */
function operationOf(method: string, url: string): string {
  const { pathname } = new URL(url, 'http://door')
  if (method === 'GET' && /^\/jobs\/[^/]+$/.test(pathname)) return 'DescribeJob'
  if (method === 'PUT' && /^\/jobs\/[^/]+$/.test(pathname)) return 'CreateJob'
  if (method === 'PUT' && /^\/jobs\/[^/]+\/cancel$/.test(pathname)) return 'CancelJob'
  return `${method} ${pathname}`
}
