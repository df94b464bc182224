/** What a trace of Chrome says of the page's main thread, by its own CPU time: a busy machine counts nothing. */
import type { Browser, Page } from 'playwright-core'

/** The main thread during a trace. */
export interface MainThread {
  /** CPU time of the longest task. */
  readonly longestTaskMs: number
  /** CPU time of all tasks. */
  readonly cpuMs: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** CPU time of the thread in microseconds. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Traces the page while something is done. */
export async function traced(
  browser: Browser,
  page: Page,
  during: () => Promise<void>,
): Promise<MainThread> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  try {
    await during()
  } catch (cause) {
    await browser.stopTracing()
    throw cause
  }
  return mainThreadOf(await browser.stopTracing())
}

/**
 * Reads a trace. Of several renderers the one that worked most is the page's.
 *
 * @throws Error for a trace without tasks of a main thread, or without CPU times
 */
export function mainThreadOf(trace: Buffer): MainThread {
  const { traceEvents } = JSON.parse(trace.toString()) as {
    readonly traceEvents: readonly TraceEvent[]
  }
  const key = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`
  const isMain = ({ name, args }: TraceEvent): boolean =>
    name === 'thread_name' && args?.name === 'CrRendererMain'
  const threads = new Set(traceEvents.filter(isMain).map(key))
  const found = new Map<string, { longestTaskMs: number; cpuMs: number }>()
  for (const event of traceEvents) {
    const { name, ph, tdur } = event
    if (ph !== 'X' || tdur === undefined || !name.endsWith('RunTask')) continue
    if (!threads.has(key(event))) continue
    const known = found.get(key(event)) ?? { longestTaskMs: 0, cpuMs: 0 }
    found.set(key(event), {
      longestTaskMs: Math.max(known.longestTaskMs, tdur / 1000),
      cpuMs: known.cpuMs + tdur / 1000,
    })
  }
  const [busiest] = [...found.values()].toSorted((a, b) => b.cpuMs - a.cpuMs)
  if (busiest === undefined)
    throw new Error('the trace has no task of a main thread with a CPU time')
  return busiest
}
