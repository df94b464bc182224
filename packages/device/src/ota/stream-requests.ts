import type { Reply } from '../jobs/jobs-transport.ts'

/** A block of a file. */
export interface StreamBlock {
  /** From the file's start. */
  readonly number: number
  readonly content: Buffer
}

/** Blocks that a device wants. */
export interface BlocksWanted {
  readonly fileId: number
  /** 256 to 98,000 or so: JSON carries them in base64. */
  readonly blockBytes: number
  /** In ascending order; what lies between them is told in a bitmap. At least one. */
  readonly numbers: readonly number[]
}

/** What a stream says of a file. */
export interface StreamFileSize {
  readonly fileId: number
  readonly bytes: number
}

/** Requests to streams of one thing (MQTT file delivery). */
export interface StreamRequests {
  /** The files of a stream. */
  describe(streamId: string): Promise<Reply<readonly StreamFileSize[]>>
  /**
   * Asks for blocks and gives those that came, perhaps not all: some were lost, or did not fit in one
   * answer. Refused with the stream's code; `Timeout` when none came, `Disconnected`.
   */
  get(streamId: string, wanted: BlocksWanted): Promise<Reply<readonly StreamBlock[]>>
}
