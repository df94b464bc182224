/** Requests of an agent over HTTPS, passed on to the service with the agent's own certificate. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { request as sendRequest } from 'node:https'
import {
  codeOfException,
  readBody,
  readJobsPath,
  REFUSAL_FORMS,
  type RefusalCode,
  type Requested,
} from '@muster/qualify'
import type { ServiceAddress } from './service-front.ts'
import { passToAgent, type RelayPorts } from './passing.ts'

/** What the relay stands on. */
export interface HttpsRelayPorts extends RelayPorts {
  /** Where the service is; undefined while it is down, or for a certificate that nobody knows. */
  service(request: IncomingMessage): ServiceAddress | undefined
}

interface ServiceAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Answers the agent's requests. */
export function httpsRelay(ports: HttpsRelayPorts): RequestListener {
  const known = new WeakSet<object>()
  return (request, response) => {
    const { socket } = request
    if (!known.has(socket)) {
      known.add(socket)
      ports.recorder.record({ kind: 'connecting', protocol: 'https' })
    }
    relay(ports, request, response).catch(() => socket.destroy())
  }
}

async function relay(
  ports: HttpsRelayPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { desk, nextId, recorder } = ports
  const { method = 'GET', url = '/' } = request
  const body = await read(request)
  const service = ports.service(request)
  const cut = (): void => void request.socket.destroy()
  if (service === undefined) return cut()
  const told = readJobsPath(method, url)
  if (told === undefined) return send(response, await ask(service, request, body))
  const { asked, thingName } = told
  const number = new URLSearchParams(url.split('?')[1] ?? '').get('executionNumber')
  const members = {
    ...readBody(body.toString()),
    ...(number && { executionNumber: Number(number) }),
  }
  const requested: Requested = {
    kind: 'request',
    id: nextId(),
    thingName,
    ...asked,
    body: members,
    lost: false,
  }
  const does = desk.take({ message: requested })
  if (does === 'lose' || does === 'cut') {
    recorder.record({ ...requested, lost: true })
    return cut()
  }
  if (typeof does === 'object' && 'refuse' in does) {
    recorder.record({ ...requested, lost: true })
    return refuse(ports, requested, does.refuse, response)
  }
  recorder.record(requested)
  if (does === 'hold') {
    recorder.record({ kind: 'act', what: 'held' })
    await new Promise<void>((resolve) => desk.hold(resolve))
  } else if (typeof does === 'object') {
    const { delayMs } = does
    await new Promise<void>((resolve) => desk.delay(resolve, delayMs))
  }
  const answer = await ask(service, request, body)
  const answered = readBody(answer.body.toString())
  const accepted = answer.status === 200
  const exception = String(
    answer.headers['x-amzn-errortype'] ?? answered['__type'] ?? answer.status,
  )
  passToAgent(ports, {
    message: {
      kind: 'answer',
      to: requested.id,
      ...asked,
      accepted,
      ...(!accepted && { code: codeOfException(exception) }),
      body: answered,
      lost: false,
    },
    asked: requested,
    deliver: () => send(response, answer),
    // One request has one answer.
    repeat: () => {},
    lose: cut,
    cut: (flushed) => {
      if (flushed && !response.writableFinished) response.once('finish', cut)
      else cut()
    },
  })
}

function refuse(
  { recorder }: HttpsRelayPorts,
  { id, jobId, request }: Requested,
  code: RefusalCode,
  response: ServerResponse,
): void {
  const { exception, status } = REFUSAL_FORMS[code]
  const body = { message: 'the service cannot answer now' }
  const named = jobId === undefined ? {} : { jobId }
  recorder.record({
    kind: 'answer',
    to: id,
    request,
    ...named,
    accepted: false,
    code,
    body,
    lost: false,
  })
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': exception })
    .end(JSON.stringify(body))
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function ask(
  { caPem, certificatePem, httpsPort, privateKeyPem }: ServiceAddress,
  { headers, method, url }: IncomingMessage,
  body: Buffer,
): Promise<ServiceAnswer> {
  const { promise, reject, resolve } = Promise.withResolvers<ServiceAnswer>()
  const asked = sendRequest(
    {
      host: 'localhost',
      port: httpsPort,
      method,
      path: url,
      headers: { ...headers, connection: 'close' },
      ca: caPem,
      cert: certificatePem,
      key: privateKeyPem,
      agent: false,
    },
    (answer) => {
      read(answer).then(
        (read) =>
          resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: read }),
        reject,
      )
    },
  )
  asked.once('error', reject)
  asked.end(body)
  return promise
}

function send(response: ServerResponse, { body, headers, status }: ServiceAnswer): void {
  const { connection: _, ...kept } = headers
  response.writeHead(status, kept).end(body)
}
