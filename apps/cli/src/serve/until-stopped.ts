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
