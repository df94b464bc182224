import type { Outcome, Refusal } from '@muster/model'
import type {
  DescribeRequest,
  JobExecution,
  PendingJobs,
  StartNextRequest,
  UpdateReply,
  UpdateRequest,
} from './job-messages.ts'

/** Why a request failed; a service may answer codes that nobody foresaw. */
export type ReplyRefusal = Refusal<string>

/** What a request came to. */
export type Reply<T> = Outcome<T, string>

/**
 * The four Jobs requests over some wire.
 *
 * Refusals carry the codes of jobs J35 over either wire, `executionState` among their members
 * where the service sent it, and four codes of our own for what is not an answer: `Timeout` (no
 * reply in time), `Disconnected` (the connection went before the reply), `Denied` (authorization
 * refused) and `InvalidReply` (not what the service sends).
 */
export interface JobsTransport {
  /** Names the first pending execution, moving it to IN_PROGRESS (jobs J21); undefined: none. */
  startNext(request: StartNextRequest): Promise<Reply<JobExecution | undefined>>
  /** Describes one execution, or the first pending with `$next` (jobs J24, J25). */
  describe(jobId: string, request: DescribeRequest): Promise<Reply<JobExecution | undefined>>
  /** What is waiting (jobs J20). */
  pending(): Promise<Reply<PendingJobs>>
  /** Reports an execution's state (jobs J27). */
  update(jobId: string, request: UpdateRequest): Promise<Reply<UpdateReply>>
}
