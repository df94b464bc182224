/** The console is built in the background: nothing waits for it. */
import { buildConsole } from '@muster/console'

/** A console that may not be there yet. */
export interface BackgroundConsole {
  /** The folder of static files once there is one. */
  dist(): string | undefined
  /**
   * Starts building, where the sources are newer; for when the server is up, which looking at them
   * would only delay. A failed build is said on stderr; the server then goes on without a console. One
   * that is stopped meanwhile does not wait for it.
   */
  build(): void
}

/** The console of a server that is yet to start. */
export function consoleInBackground(): BackgroundConsole {
  let dist: string | undefined
  return {
    dist: () => dist,
    build: () => {
      buildConsole(false).then(
        (folder) => {
          dist = folder
        },
        (cause: unknown) => process.stderr.write(`${String(cause)}\n`),
      )
    },
  }
}
