/** Taking a port, or a free one instead where that is wanted; errors say what to do. */
import type { RunningListener } from './listen.ts'

/** A port as it is wanted. */
export interface PortPlan {
  readonly bind: string
  /** 0: a free one. */
  readonly port: number
  /** The flag that chooses it: `--mqtt-port`. */
  readonly flag: string
  /** Take a free one when it is taken, and say so. */
  readonly freeWhenTaken: boolean
}

/** A listener that cannot start; the message names the port and the flag. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  /** The system's: `EADDRINUSE`. */
  readonly code: string | undefined

  constructor(message: string, code: string | undefined, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Starts a listener on the wanted port.
 *
 * @throws ListenError when the port is taken or may not be bound
 */
export async function openPort(
  plan: PortPlan,
  listen: (port: number) => Promise<RunningListener>,
  note: (text: string) => void,
): Promise<RunningListener> {
  try {
    return await listen(plan.port)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' || !plan.freeWhenTaken) {
      throw new ListenError(why(plan, cause as NodeJS.ErrnoException), code, cause)
    }
    const listener = await listen(0)
    const { port, flag } = plan
    note(`port ${port} is taken: ${flag.slice(2)} is ${listener.port} this time`)
    return listener
  }
}

function why({ bind, port, flag }: PortPlan, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${bind} is taken by another program: choose one with ${flag}`
    case 'EACCES':
      return `port ${port} may not be bound by this user: choose one above 1023 with ${flag}`
    default:
      return `cannot listen on ${bind}:${port} (${flag}): ${message}`
  }
}
