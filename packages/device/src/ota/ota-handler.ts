/**
 * Carries out OTA jobs (`afr_ota`): downloads, checks, installs, reports as the FreeRTOS agent does.
 */
import type { JobHandler, JobResult, RunningJob } from '../jobs/job-handler.ts'
import { DownloadError, downloadByLink, downloadByStream } from './download.ts'
import { Image } from './image.ts'
import { readOtaDocument, type OtaDocument, type OtaFile } from './ota-document.ts'
import type { StreamRequests } from './stream-requests.ts'

/** What an agent needs; sizes have defaults. */
export interface OtaOptions {
  /** {@link Device.streams}; undefined: over HTTP alone. */
  readonly streams: () => StreamRequests | undefined
  /** Trusted for links besides those of the system. */
  readonly caPem?: string
  /** Bytes of a block; default 4,096. */
  readonly blockBytes?: number
  /** Blocks of a request; default 8. */
  readonly blocksPerRequest?: number
  /** Waits before an attempt after one that brought nothing. */
  readonly pause: () => Promise<void>
  /** Attempts in a row that bring nothing before a download fails. */
  readonly attemptsMax?: number
  /** An image that an earlier run of the same job began; default: a new one. */
  readonly image?: (job: RunningJob, file: OtaFile, blockBytes: number) => Image
  /** Whether a file is to be trusted, as a sentence why not; default: every file is. */
  readonly refusal?: (file: OtaFile, image: Image) => string | undefined
  /** Installs a checked file; what it throws fails the job. */
  readonly install?: (file: OtaFile, image: Image) => void | Promise<void>
  /** Told whenever something came. */
  readonly progress?: (file: OtaFile, image: Image) => void | Promise<void>
  /** Share of a file after which it is reported again; default 0.25. */
  readonly reportEvery?: number
}

const BLOCK_BYTES = 4096
const BLOCKS_PER_REQUEST = 8

/** Makes the handler of jobs whose document is `{"afr_ota": …}`. */
export function otaHandler(options: OtaOptions): JobHandler {
  return async (job) => {
    const document = readOtaDocument(job.document)
    if (document === undefined) return rejected('the document is no OTA update')
    const digests: string[] = []
    for (const file of document.files) {
      const image = await download(job, document, file, options)
      if (!(image instanceof Image)) return image
      if (job.signal.aborted) return { status: 'FAILED' }
      const refusal = options.refusal?.(file, image)
      if (refusal !== undefined) return failed(`rejected: ${refusal}`)
      await options.install?.(file, image)
      digests.push(image.sha256())
    }
    await job.progress({ self_test: 'active', updatedBy: job.jobId })
    // A value of a detail has 1,024 characters at most.
    return {
      status: 'SUCCEEDED',
      statusDetails: { self_test: 'accepted', sha256: digests.join(' ').slice(0, 1024) },
    }
  }
}

async function download(
  job: RunningJob,
  document: OtaDocument,
  file: OtaFile,
  options: OtaOptions,
): Promise<Image | JobResult> {
  const { blockBytes = BLOCK_BYTES, blocksPerRequest = BLOCKS_PER_REQUEST } = options
  const streams = document.protocols.includes('MQTT') ? options.streams() : undefined
  const { streamId } = document
  const image = options.image?.(job, file, blockBytes) ?? new Image(file.bytes, blockBytes)
  const terms = {
    image,
    signal: job.signal,
    pause: options.pause,
    ...(options.attemptsMax !== undefined && { attemptsMax: options.attemptsMax }),
    progress: progressOf(job, file, image, options),
  }
  try {
    if (streams !== undefined && streamId !== undefined) {
      await downloadByStream(streams, { streamId, fileId: file.fileId }, blocksPerRequest, terms)
      return image
    }
    const { caPem } = options
    const { url } = file
    if (url === undefined)
      return rejected('the document has neither a stream nor a link for this device')
    await downloadByLink({ ...terms, link: () => url, ...(caPem !== undefined && { caPem }) })
    return image
  } catch (cause) {
    if (!(cause instanceof DownloadError)) throw cause
    return failed(`download: ${cause.message}`)
  }
}

/** Reports every so much of a file; what is reported in between would only load the service. */
function progressOf(
  job: RunningJob,
  file: OtaFile,
  image: Image,
  { progress, reportEvery = 0.25 }: OtaOptions,
): () => Promise<void> {
  const blocks = Math.ceil(image.bytes / image.blockBytes)
  let reported = 0
  return async () => {
    await progress?.(file, image)
    const share = (blocks - image.missing) / blocks
    if (share < reported + reportEvery || image.missing === 0) return
    reported = share
    await job.progress({ self_test: 'receiving', progress: `${Math.floor(share * 100)}%` })
  }
}

function rejected(reason: string): JobResult {
  return { status: 'REJECTED', statusDetails: { reason } }
}

function failed(reason: string): JobResult {
  return { status: 'FAILED', statusDetails: { reason: reason.slice(0, 1024) } }
}
