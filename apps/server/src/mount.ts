/**
 * What the HTTP listener serves beside the AWS operations: the admin API, the console, the files
 * that stand for S3.
 */
import type { FileHandle } from 'node:fs/promises'
import type { Answer, SignedRequest } from '@muster/aws-protocol'

/** A request, read to its end. */
export interface ReceivedRequest extends SignedRequest {
  readonly sourceIp: string
  /** Whether it came over TLS. */
  readonly secureTransport: boolean
  /** Whether the connection has ended, so that nobody waits for the answer. */
  readonly isGone: () => boolean
}

/** A part of an open file as an answer's body; whoever sends it closes the file. */
export interface FileAnswer extends Pick<Answer, 'status' | 'headers'> {
  readonly file: {
    readonly handle: FileHandle
    readonly start: number
    readonly byteLength: number
    /** false for HEAD, which is told the length alone. */
    readonly isSent: boolean
  }
}

/** One server-sent event. */
export interface ServerEvent {
  readonly name: string
  /** Without line ends. */
  readonly data: string
}

/** An answer that goes on until the client leaves. */
export interface EventsAnswer {
  /**
   * Sends events from now on.
   *
   * @returns is called once the client is gone
   */
  events(send: (event: ServerEvent) => void): () => void
}

/** What a mount answers. */
export type MountAnswer = Answer | FileAnswer | EventsAnswer

/** Something served below a path. */
export interface Mount {
  /** With slashes at both ends: `/_muster/`. */
  readonly prefix: string
  /** Whether the browser guard protects it; the function is given the path below the prefix. */
  readonly guarded: boolean | ((path: string) => boolean)
  /** Whether a guarded path needs the admin token too, where one is set; yes when absent. */
  readonly needsToken?: (path: string) => boolean
  /** Longest request body, bytes. */
  readonly bodyBytesMax?: number
  /** @param path - below the prefix, raw, without the query */
  answer(request: ReceivedRequest, path: string): Promise<MountAnswer> | MountAnswer
}
