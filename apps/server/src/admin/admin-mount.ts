/** The admin API as a part of the HTTP listener. */
import type { Answer } from '@muster/aws-protocol'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { Mount, ReceivedRequest } from '../mount.ts'
import { answerAdmin, badRequest, type AdminPorts, type AdminReply } from './admin-api.ts'
import { decisionsStream } from './decisions-stream.ts'

/** What the mount stands on. */
export interface AdminMountPorts extends AdminPorts {
  readonly decisions: DecisionLog
  /** Resolves once what an answer may tell is durable. */
  committed(): Promise<void>
}

/** What always answers, whoever asks (design decision 1): probes and trust must work first. */
const OPEN_PATHS = new Set(['health', 'ca.pem'])

/** What tells nothing of the account: it is answered while nothing can be kept. */
const FREE_PATHS = new Set([...OPEN_PATHS, 'metrics', 'clock'])

/** Mounts the admin API at `/_muster/`. */
export function adminMount(ports: AdminMountPorts): Mount {
  return {
    prefix: '/_muster/',
    guarded: (path) => !OPEN_PATHS.has(path),
    bodyBytesMax: 64 * 1024,
    answer: async (request, path) => {
      const query = new URLSearchParams(request.query)
      if (path === 'decisions' && request.method === 'GET' && wantsEvents(request)) {
        const stream = await decisionsStream(ports.decisions, query)
        return typeof stream === 'string' ? answerOf(badRequest(stream)) : stream
      }
      const { method } = request
      const body = Buffer.from(request.body).toString('utf8')
      const reply = await answerAdmin(ports, { method, path, query, body })
      if (!FREE_PATHS.has(path)) await ports.committed()
      return answerOf(reply)
    },
  }
}

function wantsEvents({ headers }: ReceivedRequest): boolean {
  const accept = headers.accept
  return typeof accept === 'string' && accept.includes('text/event-stream')
}

function answerOf({ status, contentType, body }: AdminReply): Answer {
  return { status, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body }
}
