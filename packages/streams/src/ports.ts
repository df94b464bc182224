import type { CreateJobRequest, Tag } from '@aws-sdk/client-iot'
import type { Account, Outcome } from '@muster/model'
import type { StreamsState } from './streams-state.ts'

/** The Jobs service as an OTA update uses it. */
export interface OtaJobs {
  /** Makes an ordinary job; what stands in its document was not written by a user. */
  create(input: CreateJobRequest, nowMs: number): Outcome<unknown>
  /** `force` for a job that is not terminal. */
  delete(jobId: string, force: boolean, nowMs: number): Outcome<unknown>
  /** Whether a job is scheduled or runs; undefined for one that is not there or is being deleted. */
  isLive(jobId: string): boolean | undefined
}

/** What the rules need from the rest of a server. */
export interface StreamsPorts {
  readonly account: Account
  readonly state: StreamsState
  readonly jobs: OtaJobs
  /** InvalidRequestException for tags that nothing can be created with. */
  readonly checkTags: (tags: readonly Tag[] | undefined) => Outcome<unknown>
  readonly setTags: (resourceArn: string, tags: readonly Tag[] | undefined) => void
  readonly forgetTags: (resourceArn: string) => void
  /** A fresh UUID. */
  readonly newId: () => string
}
