/**
 * What simulated firmware does with an OTA update: it really downloads, checks and reports, and it
 * misbehaves on request.
 */
import { createHash } from 'node:crypto'
import type { Random } from '@muster/clock'
import {
  isSignedBy,
  otaHandler,
  type Image,
  type JobHandler,
  type OtaFile,
  type RunningJob,
  type StreamRequests,
} from '@muster/device'
import { SIGNER_NAME } from '../ota-signer.ts'
import type { Download, JobBehaviour } from '../scenario/scenario.ts'

/** What an update needs of its device. */
export interface OtaPorts {
  readonly streams: () => StreamRequests | undefined
  readonly caPem: string | undefined
  readonly random: Random
  readonly download: Download | undefined
  /** What the fleet's firmware is signed with. */
  readonly signerPem: string
  /** Waits before another attempt; until the connection is back, where it is not. */
  readonly pause: (signal: AbortSignal) => Promise<void>
  /** Cuts the connection, which comes back. */
  readonly drop: () => void
  /** Ends the device at once, as a power cut would; it boots again later. */
  readonly crash: () => void
  /** What an earlier run of this execution has on its disk. */
  readonly image: (job: RunningJob, file: OtaFile, blockBytes: number) => Image
  readonly fault: (behaviour: string) => void
}

/** Attempts in a row that bring nothing: with pauses they outlast a restart of the server. */
const ATTEMPTS_MAX = 40

/** The handler that acts a behaviour out on `afr_ota` documents. */
export function otaJob(behaviour: JobBehaviour, ports: OtaPorts): JobHandler {
  return async (job) => {
    const { blockBytes, blocksPerRequest } = ports.download ?? {}
    let isHurt = job.resumed
    const hurt = async (file: OtaFile, image: Image): Promise<void> => {
      const blocks = Math.ceil(file.bytes / image.blockBytes)
      if (isHurt || image.missing === 0 || image.missing > blocks / 2) return
      isHurt = true
      if (behaviour.behaviour === 'cut-download') {
        ports.fault('cut-download')
        ports.drop()
      } else if (behaviour.behaviour === 'crash') {
        await job.progress({ self_test: 'receiving', progress: 'half', stage: 'before the crash' })
        ports.crash()
      }
    }
    const handler = otaHandler({
      streams: () => lossy(ports),
      ...(ports.caPem !== undefined && { caPem: ports.caPem }),
      ...(blockBytes !== undefined && { blockBytes }),
      ...(blocksPerRequest !== undefined && { blocksPerRequest }),
      pause: () => ports.pause(job.signal),
      attemptsMax: ATTEMPTS_MAX,
      image: ports.image,
      progress: hurt,
      refusal: (file, image) => refusalOf(behaviour, file, image, ports),
    })
    const result = await handler(job)
    if (behaviour.behaviour !== 'fail' || result.status !== 'SUCCEEDED') return result
    return { status: 'FAILED', statusDetails: { reason: 'simulated: update did not apply' } }
  }
}

/**
 * Reads back what was written, and checks the signature where the document has one of the fleet's
 * signer. A device of the wrong digest has a bit turned over in its flash.
 */
function refusalOf(
  behaviour: JobBehaviour,
  file: OtaFile,
  image: Image,
  { fault, signerPem }: OtaPorts,
): string | undefined {
  const received = image.sha256()
  const written = Buffer.from(image.content)
  if (behaviour.behaviour === 'wrong-digest' && written.length > 0) {
    fault('wrong-digest')
    written[0] = (written[0] ?? 0) ^ 1
  }
  if (file.certificate === SIGNER_NAME && !isSignedBy(file, written, signerPem)) {
    return 'the signature is of another content'
  }
  const digest = createHash('sha256').update(written).digest('hex')
  return digest === received ? undefined : 'the digest is of another content'
}

/** Blocks get lost on their way, by the device's own chance. */
function lossy({ download, fault, random, streams }: OtaPorts): StreamRequests | undefined {
  const open = streams()
  const lostShare = download?.lostShare ?? 0
  if (open === undefined || lostShare === 0) return open
  return {
    describe: (streamId) => open.describe(streamId),
    get: async (streamId, wanted) => {
      const reply = await open.get(streamId, wanted)
      if (!reply.ok) return reply
      const value = reply.value.filter(() => {
        const isLost = random() < lostShare
        if (isLost) fault('lost-block')
        return !isLost
      })
      return { ok: true, value }
    },
  }
}
