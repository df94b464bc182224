/** Taking a port, or a free one instead where that is wanted. */
import type { RunningListener } from './http.ts'
import { ListenFault } from './tls-listen.ts'

/** A port as it is wanted. */
export interface PortPlan {
  readonly bind: string
  /** 0: a free one. */
  readonly port: number
  /** The flag that chooses it. */
  readonly flag: string
  /** Take a free one when it is taken, and say so. */
  readonly freeWhenTaken: boolean
}

/**
 * Starts a listener on the wanted port.
 *
 * @throws ListenFault when the port is taken or may not be bound, naming the flag
 */
export async function openPort(
  plan: PortPlan,
  listen: (port: number) => Promise<RunningListener>,
  note: (text: string) => void,
): Promise<RunningListener> {
  const { bind, port, flag } = plan
  try {
    return await listen(port)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code !== 'EADDRINUSE' || !plan.freeWhenTaken) {
      if (cause instanceof ListenFault) throw cause
      const why =
        code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be bound (${code})`
      throw new ListenFault(`port ${port} on ${bind} ${why}: choose one with ${flag}`, code, cause)
    }
    const listener = await listen(0)
    note(`port ${port} is taken: ${flag.slice(2)} is ${listener.port} this time`)
    return listener
  }
}
