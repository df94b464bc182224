/** Denials, live: the log as it is, and each one as it happens. */
import { useEffect, useState } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import type { Denial } from './decision.ts'
import { withTold } from './newest-denials.ts'

/** What is known of the log. */
export interface LiveDenials {
  /** undefined until the log was read. */
  readonly denials: readonly Denial[] | undefined
  /** Why nothing comes live; it is tried again. */
  readonly error: unknown
}

/** Tellings are shown together, this often. */
const flushPeriodMs = 250
const retryPeriodMs = 3000

/**
 * Follows the decision log.
 *
 * @param filter - of `/_muster/decisions`: `clientId=lamp`; must not change with every drawing
 */
export function useDenials(client: AdminClient, filter = ''): LiveDenials {
  const [state, setState] = useState<LiveDenials>({ denials: undefined, error: undefined })
  useEffect(() => {
    const end = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let told: Denial[] = []
    const flush = (): void => {
      timer = undefined
      const news = told
      told = []
      setState(({ denials }) => ({ denials: withTold(denials ?? [], news), error: undefined }))
    }
    const follow = async (): Promise<void> => {
      // The stream first: what happens while the log is read comes by it.
      const streamed = client.events(
        `decisions?${filter}`,
        ({ data }) => {
          told.push(JSON.parse(data) as Denial)
          timer ??= setTimeout(flush, flushPeriodMs)
        },
        end.signal,
      )
      const read = async (): Promise<void> => {
        const { decisions } = await client.get<{ readonly decisions: readonly Denial[] }>(
          `decisions?limit=1000&${filter}`,
          end.signal,
        )
        told.push(...decisions)
        flush()
      }
      await Promise.all([read(), streamed])
      throw new Error('The server ended the stream of denials.')
    }
    const run = async (): Promise<void> => {
      try {
        await follow()
      } catch (error) {
        if (end.signal.aborted) return
        setState((before) => ({ ...before, error }))
        timer = setTimeout(() => {
          timer = undefined
          void run()
        }, retryPeriodMs)
      }
    }
    void run()
    return () => {
      end.abort()
      clearTimeout(timer)
    }
  }, [client, filter])
  return state
}
