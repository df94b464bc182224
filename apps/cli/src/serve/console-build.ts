/** The console is built in the background: nothing waits for it. */
import { buildConsole } from '@muster/console'

/**
 * Starts building and answers, whenever asked, the folder of static files once there is one.
 * A failed build is said on stderr; the server then goes on without a console. One that is stopped
 * meanwhile does not wait for it.
 */
export function consoleInBackground(): () => string | undefined {
  let dist: string | undefined
  buildConsole(false).then(
    (folder) => {
      dist = folder
    },
    (cause: unknown) => process.stderr.write(`${String(cause)}\n`),
  )
  return () => dist
}
