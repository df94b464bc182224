/** The files that job documents lead to, served as each case wants it. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FileManner, JobFile } from '@muster/qualify'
import type { Recorder } from './recorder.ts'

const FILE_BYTES = 65_536
/** A slow file comes in so many parts, one at a time. */
const SLOW_PARTS = 8
const SLOW_PART_MS = 150
/** What S3 says of a link whose time is over. */
const EXPIRED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'

interface Kept {
  readonly file: JobFile
  readonly content: Buffer
  readonly manner: FileManner
  released: boolean
  cut: boolean
  /** Ends what is held. */
  readonly waiting: Set<() => void>
}

export class JobFiles {
  readonly #recorder: Recorder
  readonly #files = new Map<string, Kept>()

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  /** @param origin - `https://localhost:PORT` */
  keep(origin: string, jobId: string, manner: FileManner): JobFile {
    const seed = createHash('sha256').update(jobId).digest()
    const content = Buffer.alloc(FILE_BYTES, seed)
    const sha256 = createHash('sha256').update(content).digest('hex')
    if (manner === 'damaged') content.writeUInt32LE(content.readUInt32LE(1000) ^ 1, 1000)
    const signature = createHash('sha256').update(sha256).digest('hex')
    const url = `${origin}/files/${jobId}/image.bin?X-Amz-Expires=3600&X-Amz-Signature=${signature}`
    const file = { url, sha256, bytes: FILE_BYTES }
    this.#files.set(jobId, {
      file,
      content,
      manner,
      released: false,
      cut: false,
      waiting: new Set(),
    })
    return file
  }

  /** @throws Error for a job that was not offered */
  of(jobId: string): JobFile {
    const kept = this.#files.get(jobId)
    if (kept === undefined) throw new Error(`no file for ${jobId}`)
    return kept.file
  }

  /** Lets a held file come to its end. */
  release(jobId: string): void {
    const kept = this.#files.get(jobId)
    if (kept === undefined) return
    kept.released = true
    for (const go of kept.waiting) go()
    kept.waiting.clear()
  }

  close(): void {
    for (const jobId of this.#files.keys()) this.release(jobId)
  }

  /** @returns whether it was a request for a file */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const [, jobId = ''] = /^\/files\/([^/]+)\//.exec(request.url ?? '') ?? []
    const kept = this.#files.get(jobId)
    if (kept === undefined) return false
    const { content, manner } = kept
    if (manner === 'expired') {
      this.#recorder.record({ kind: 'fetched', jobId, status: 403, from: 0 })
      response.writeHead(403, { 'content-type': 'application/xml' }).end(EXPIRED)
      return true
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const from = Number(range?.[1] ?? 0)
    const to = Math.min(Number(range?.[2] || content.length - 1), content.length - 1)
    if (from > to) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
      return true
    }
    this.#recorder.record({ kind: 'fetched', jobId, status: range === null ? 200 : 206, from })
    response.writeHead(range === null ? 200 : 206, {
      'content-type': 'application/octet-stream',
      'content-length': to - from + 1,
      'accept-ranges': 'bytes',
      ...(range !== null && { 'content-range': `bytes ${from}-${to}/${content.length}` }),
    })
    send(kept, content.subarray(from, to + 1), response)
    return true
  }
}

function send(kept: Kept, bytes: Buffer, response: ServerResponse): void {
  const half = Math.floor(bytes.length / 2)
  if (kept.manner === 'held' && !kept.released) {
    response.write(bytes.subarray(0, half))
    const go = (): void => void response.end(bytes.subarray(half))
    kept.waiting.add(go)
    response.once('close', () => kept.waiting.delete(go))
  } else if (kept.manner === 'cut-once' && !kept.cut) {
    kept.cut = true
    response.write(bytes.subarray(0, half), () => response.destroy())
  } else if (kept.manner === 'slow') {
    void sendSlowly(bytes, response)
  } else response.end(bytes)
}

async function sendSlowly(bytes: Buffer, response: ServerResponse): Promise<void> {
  const each = Math.ceil(bytes.length / SLOW_PARTS)
  for (let at = 0; at < bytes.length; at += each) {
    if (response.destroyed) return
    response.write(bytes.subarray(at, at + each))
    await new Promise((resolve) => setTimeout(resolve, SLOW_PART_MS))
  }
  response.end()
}
