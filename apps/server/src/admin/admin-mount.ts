/** The admin API as a part of the HTTP listener. */
import type { Answer } from '@muster/aws-protocol'
import type { Mount } from '../mount.ts'
import { answerAdmin, type AdminPorts } from './admin-api.ts'

/** What always answers, whoever asks (design decision 1): probes and trust must work first. */
const OPEN_PATHS = new Set(['health', 'ca.pem'])

/** Mounts the admin API at `/_muster/`. */
export function adminMount(ports: AdminPorts): Mount {
  return {
    prefix: '/_muster/',
    guarded: (path) => !OPEN_PATHS.has(path),
    bodyBytesMax: 64 * 1024,
    answer: async (request, path): Promise<Answer> => {
      const reply = await answerAdmin(ports, {
        method: request.method,
        path,
        query: new URLSearchParams(request.query),
        body: Buffer.from(request.body).toString('utf8'),
      })
      const headers = { 'content-type': reply.contentType, 'cache-control': 'no-store' }
      return { status: reply.status, headers, body: reply.body }
    },
  }
}
