/** Frames over a byte stream: a socket between two processes of one machine. */
import type { Duplex } from 'node:stream'
import type { Carrier, CarrierEvents } from './carrier.ts'
import { FrameSplitter, lengthPrefix } from './frame-splitter.ts'

/**
 * A process that dies closes its sockets, and the other one knows at once: silence means that it hangs, or that the
 * machine has too much to do, which is no reason to cut thousands off.
 */
const patienceMs = 6_000

/** @param stream - connected; nobody else reads or writes it */
export function streamCarrier(stream: Duplex): Carrier {
  let closing = false
  return {
    patienceMs,
    send: (frame) => {
      if (stream.destroyed || !stream.writable) return
      // One system call for both.
      stream.cork()
      stream.write(lengthPrefix(frame))
      stream.write(frame)
      stream.uncork()
    },
    receive: ({ frame, closed }: CarrierEvents) => {
      const splitter = new FrameSplitter()
      const end = (why: string): void => {
        if (closing) return
        closing = true
        stream.destroy()
        closed(why)
      }
      stream.on('data', (chunk: Buffer) => {
        try {
          for (const bytes of splitter.push(chunk)) if (!closing) frame(bytes)
        } catch (cause) {
          end(cause instanceof Error ? cause.message : String(cause))
        }
      })
      stream.on('error', (cause) => end(cause.message))
      stream.on('close', () => end('the other process is gone'))
    },
    close: () => {
      closing = true
      // What was written leaves first.
      stream.end()
      stream.on('error', () => {})
    },
  }
}
