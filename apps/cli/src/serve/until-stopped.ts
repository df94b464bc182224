/** Ctrl-C and SIGTERM: the first asks to stop, a second ends the process at once. */

/** Why a {@link stopSignal} aborted. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  /** What a shell expects of a process that this signal ended. */
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.exitCode = exitCode
  }
}

/** Aborts, with an {@link Interruption}, on SIGINT or SIGTERM. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const on = (name: NodeJS.Signals, exitCode: number): void => {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(exitCode)
      stop.abort(new Interruption(exitCode))
    })
  }
  on('SIGINT', 130)
  on('SIGTERM', 143)
  return stop.signal
}

/** Resolves once the signal has aborted. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** How long a start that was asked to stop may take to put its things back. */
const LEAVING_MS = 3_000

/**
 * Runs a start that may wait long, for another core or a bus.
 *
 * @returns undefined when it was asked to stop meanwhile and did: the exit status says so
 */
export async function unlessStopped<T>(
  signal: AbortSignal,
  start: () => Promise<T>,
): Promise<T | undefined> {
  let leaving: NodeJS.Timeout | undefined
  const exitCode = (): number => (signal.reason as Interruption).exitCode
  const leave = (): void => {
    leaving = setTimeout(() => process.exit(exitCode()), LEAVING_MS)
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await start()
  } catch (cause) {
    if (!signal.aborted) throw cause
    process.exitCode = exitCode()
    return undefined
  } finally {
    signal.removeEventListener('abort', leave)
    clearTimeout(leaving)
  }
}
