/**
 * Downloads that go on where they were cut: by a stream only the blocks that are missing are asked for
 * again, by a link only the bytes.
 */
import { Agent, request } from 'undici'
import type { Image } from './image.ts'
import type { StreamRequests } from './stream-requests.ts'

/** A download that cannot be finished. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError'
  /** The stream's code, or `HTTP 403`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** How a download goes about it. */
export interface DownloadTerms {
  readonly image: Image
  /** Ends it: the job was cancelled. */
  readonly signal: AbortSignal
  /** Waits between attempts that brought nothing, whatever for; it must heed the signal. */
  readonly pause: () => Promise<void>
  /** Attempts in a row that bring nothing before it gives up; default 10. */
  readonly attemptsMax?: number
  /** Told after whatever came. */
  readonly progress?: () => void | Promise<void>
}

const ATTEMPTS_MAX = 10

/** Refusals after which the same request may succeed later. */
const RETRYABLE: ReadonlySet<string> = new Set(['Timeout', 'Disconnected', 'InternalError'])

/**
 * Fills an image from a stream.
 *
 * @param blocksPerRequest - asked for at a time
 * @throws DownloadError with the stream's code, or when nothing comes any more
 */
export async function downloadByStream(
  streams: StreamRequests,
  file: { readonly streamId: string; readonly fileId: number },
  blocksPerRequest: number,
  terms: DownloadTerms,
): Promise<void> {
  const { attemptsMax = ATTEMPTS_MAX, image, pause, progress, signal } = terms
  let fruitless = 0
  while (image.missing > 0 && !signal.aborted) {
    const before = image.missing
    const numbers = image.missingBlocks(blocksPerRequest)
    const reply = await streams.get(file.streamId, {
      fileId: file.fileId,
      blockBytes: image.blockBytes,
      numbers,
    })
    if (reply.ok) {
      for (const { content, number } of reply.value) image.write(number, content)
      await progress?.()
    } else if (!RETRYABLE.has(reply.error.code)) {
      throw new DownloadError(reply.error.code, reply.error.message)
    }
    fruitless = image.missing < before ? 0 : fruitless + 1
    if (fruitless >= attemptsMax) {
      const why = reply.ok ? 'the stream sends no block that is missing' : reply.error.message
      throw new DownloadError('Timeout', why)
    }
    if (fruitless > 0) await pause()
  }
}

/** How a link is read. */
export interface LinkTerms extends DownloadTerms {
  /** Trusted besides those of the system. */
  readonly caPem?: string
  /** The link as it is now: it is asked for anew after each cut. */
  readonly link: () => string | Promise<string>
}

/**
 * Fills an image from a link, the rest of it in a range after a cut.
 *
 * @throws DownloadError for a status that another attempt does not change, or when nothing comes any more
 */
export async function downloadByLink(terms: LinkTerms): Promise<void> {
  const { attemptsMax = ATTEMPTS_MAX, caPem, image, link, pause, signal } = terms
  const dispatcher = new Agent(caPem === undefined ? {} : { connect: { ca: caPem } })
  let fruitless = 0
  try {
    while (image.missing > 0 && !signal.aborted) {
      const before = image.missing
      const [first = 0] = image.missingBlocks(1)
      let why = 'the link brings nothing'
      try {
        await readRest(await link(), first, terms, dispatcher)
      } catch (cause) {
        if (cause instanceof DownloadError) throw cause
        why = cause instanceof Error ? cause.message : String(cause)
      }
      fruitless = image.missing < before ? 0 : fruitless + 1
      if (fruitless >= attemptsMax) throw new DownloadError('Timeout', why)
      if (image.missing > 0 && !signal.aborted) await pause()
    }
  } finally {
    await dispatcher.destroy()
  }
}

async function readRest(
  url: string,
  firstBlock: number,
  { image, progress, signal }: LinkTerms,
  dispatcher: Agent,
): Promise<void> {
  const start = firstBlock * image.blockBytes
  const { body, statusCode } = await request(url, {
    dispatcher,
    signal,
    headers: start === 0 ? {} : { range: `bytes=${start}-` },
  })
  if (statusCode !== (start === 0 ? 200 : 206)) {
    await body.dump()
    if (statusCode >= 500) throw new Error(`HTTP ${statusCode}`)
    throw new DownloadError(`HTTP ${statusCode}`, 'the link is not good for this file')
  }
  let at = firstBlock
  let held = Buffer.alloc(0)
  for await (const chunk of body) {
    held = Buffer.concat([held, chunk as Buffer])
    const before = at
    while (held.length >= lengthOf(image, at) && lengthOf(image, at) > 0) {
      const length = lengthOf(image, at)
      image.write(at, held.subarray(0, length))
      held = held.subarray(length)
      at += 1
    }
    if (at > before) await progress?.()
  }
}

function lengthOf({ blockBytes, bytes }: Image, number: number): number {
  return Math.max(0, Math.min(blockBytes, bytes - number * blockBytes))
}
