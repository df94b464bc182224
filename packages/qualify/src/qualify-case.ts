import type { DocumentName, Plan } from './plan.ts'
import type { Step } from './step.ts'
import type { Trace } from './trace.ts'

/** One thing that a Jobs service does to an agent, and what the agent must make of it. */
export interface QualifyCase {
  /** Kept stable: `--only` and reports name it. */
  readonly id: string
  /** Why it matters, for who reads a report. */
  readonly reason: string
  /** What AWS documents about it, in our words. */
  readonly documented: string
  /** Documents of the plan that it needs beside `works`. */
  readonly needs?: readonly DocumentName[]
  /** Whether documents must lead the agent to a file, by `{url}`, or also tell its digest. */
  readonly needsFile?: 'url' | 'sha256'
  readonly steps: readonly Step[]
  /** How often a job's file may be begun from its start; 1 when left out. */
  readonly runsMax?: number
  /** Beside the laws that hold in every case. @returns why the agent fails */
  readonly judge?: (trace: Trace, plan: Plan) => string | undefined
}

/** How an agent did in a case. */
export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** A verdict and its reason. */
export interface Finding {
  readonly verdict: Verdict
  /** A sentence without a full stop. */
  readonly why: string
}
