/** The time of a leader: its lease and its patience. A simulation has one of its own. */
export interface LeaderTime {
  /** Milliseconds of a clock that only goes forward. */
  nowMs(): number
  /** Calls again and again. @returns ends it */
  every(ms: number, run: () => void): () => void
  pause(ms: number): Promise<void>
}

/** The system's. */
export const systemTime: LeaderTime = {
  nowMs: () => performance.now(),
  every: (ms, run) => {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
