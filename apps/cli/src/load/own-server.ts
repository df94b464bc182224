/** A server of a load run's own, and its end. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OwnServerReady } from './own-server-process.ts'

/** A server that runs. */
export interface OwnServer extends OwnServerReady {
  /** Its process. */
  readonly pid: number
  /** Its folder, which goes with it. */
  readonly folder: string
  /** Rejects when it ends before it is told to. */
  readonly ended: Promise<never>
  close(): Promise<void>
}

/**
 * Starts one on free ports.
 *
 * @throws Error when it ends before it is ready
 */
export async function startOwnServer(): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-load-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // Also when something ends this process in the middle.
  process.once('exit', remove)
  const script = new URL('./own-server-process.ts', import.meta.url)
  const child = fork(script, [join(folder, 'data')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = Promise.withResolvers<never>()
  // Nobody may be listening, and that is no fault.
  ended.promise.catch(() => {})
  child.once('exit', (code, signal) =>
    ended.reject(new Error(`the server ended with ${signal ?? code}`)),
  )
  const ready = new Promise<OwnServerReady>((resolve) => child.once('message', resolve))
  try {
    const ports = await Promise.race([ready, ended.promise])
    return {
      ...ports,
      pid: child.pid ?? 0,
      folder,
      ended: ended.promise,
      close: async () => {
        await disconnected(child)
        process.off('exit', remove)
        remove()
      },
    }
  } catch (cause) {
    remove()
    throw cause
  }
}

async function disconnected(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (child.connected) child.disconnect()
  await gone
}
