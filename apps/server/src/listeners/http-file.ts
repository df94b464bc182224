/** Files as answers: sent as fast as the client takes them, and never read ahead of it. */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { FileAnswer } from '../mount.ts'

/** A client that takes nothing for this long is gone. */
const stalledMs = 120_000

/**
 * Sends a part of an open file and closes it. A client that leaves, or a file that is cut meanwhile,
 * ends the connection: the length was promised.
 */
export async function sendFile(response: ServerResponse, answer: FileAnswer): Promise<void> {
  const { handle, start, byteLength, isSent } = answer.file
  try {
    if (response.destroyed) return
    response.writeHead(answer.status, { ...answer.headers, 'content-length': byteLength })
    if (!isSent || byteLength === 0) {
      response.end()
      return
    }
    response.setTimeout(stalledMs, () => response.destroy())
    const file = handle.createReadStream({ start, end: start + byteLength - 1, autoClose: false })
    await pipeline(file, response)
    response.setTimeout(0)
  } catch {
    response.destroy()
  } finally {
    await handle.close()
  }
}
