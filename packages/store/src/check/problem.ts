/** What is wrong with data that was kept. */

/** One thing that does not hold. */
export interface Problem {
  /** Name of the invariant: `job-counters`. */
  readonly rule: string
  /** What it was found at: `job J1`. */
  readonly subject: string
  /** What is so, and what should be, for the user. */
  readonly message: string
}

/** An invariant as a query for what breaks it. */
export interface Rule {
  readonly rule: string
  /** Gives rows of `subject` and `message`; none where all is well. */
  readonly sql: string
}
