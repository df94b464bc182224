/** A recording as a file of JSON lines, written as requests come. */
import { createWriteStream, openSync } from 'node:fs'
import type { RecordLine } from './request-record.ts'

/** An open file of a recording. */
export interface RecordFile {
  write(line: RecordLine): void
  /** Resolves when everything is in the file. */
  close(): Promise<void>
}

/**
 * Starts a file anew.
 *
 * @param onFault - told once when it can no longer be written; the recording then ends
 * @throws what the file system says, when it cannot be opened
 */
export function openRecordFile(path: string, onFault: (cause: unknown) => void): RecordFile {
  const stream = createWriteStream(path, { fd: openSync(path, 'w') })
  const closed = new Promise<void>((resolve) => {
    stream.once('close', () => resolve())
  })
  stream.once('error', onFault)
  return {
    write: (line) => {
      if (!stream.destroyed) stream.write(`${JSON.stringify(line)}\n`)
    },
    close: async () => {
      stream.end()
      await closed
    },
  }
}
