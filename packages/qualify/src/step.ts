/** What a case does, step by step: data that the shell carries out. */
import type { Fault } from './fault.ts'
import type { DocumentName, Plan } from './plan.ts'
import type { Trace } from './trace.ts'

/** How a job's file is served. */
export type FileManner =
  | 'whole'
  /** Half of it, then nothing until the case releases it. */
  | 'held'
  /** The first connection ends at half of it; ranges are served. */
  | 'cut-once'
  /** 403, as S3 answers to a link that has expired. */
  | 'expired'
  /** Other bytes than the digest says. */
  | 'damaged'
  /** In small parts. */
  | 'slow'

/** Creates a job. */
export interface Offer {
  readonly do: 'offer'
  readonly job: string
  /** A document of the plan, or one of the case's own. */
  readonly document: DocumentName | { readonly literal: unknown }
  readonly file?: FileManner
  readonly timeoutMinutes?: number
  readonly retries?: number
  /** A thing of the same account that is not the agent's. */
  readonly forOther?: boolean
  /** Characters that make the document longer. */
  readonly padding?: number
}

/** Waits until the wire shows something. */
export interface Until {
  readonly do: 'until'
  readonly seen: (trace: Trace, plan: Plan) => boolean
  /** Completes `the agent did not …`. */
  readonly what: string
  /** Without it the case tells nothing of the agent: what to change in the plan. */
  readonly otherwise?: string
  /** Looks once instead of waiting. */
  readonly atOnce?: boolean
}

/** One step. */
export type Step =
  | Offer
  | Until
  | { readonly do: 'fault'; readonly fault: Fault }
  | {
      readonly do:
        | 'clear-faults'
        | 'release-held'
        | 'start'
        | 'kill'
        | 'cut'
        | 'link-down'
        | 'link-up'
        | 'restart-server'
        | 'deactivate'
        | 'activate'
        | 'deny-updates'
        | 'allow-updates'
        | 'take-over'
        | 'quiet'
    }
  | { readonly do: 'release-file'; readonly job: string }
  | { readonly do: 'cancel' | 'delete'; readonly job: string; readonly force: boolean }
  /** Reports as the thing, beside the agent: raises the execution's version. */
  | { readonly do: 'report-beside'; readonly job: string; readonly stepTimeoutMinutes?: number }
  | { readonly do: 'advance'; readonly seconds: number }
  /** Sends `notify-next` for a job, as often. */
  | { readonly do: 'forge-notice'; readonly job: string; readonly times: number }
