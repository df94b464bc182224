/**
 * What the Jobs engine needs from the rest of a server.
 */
import type { Account } from '@muster/model'
import type { Tag } from '@aws-sdk/client-iot'
import type { JobExecution } from './job-execution.ts'
import type { JobsState } from './jobs-state.ts'

/** A message to publish: an ordinary broker message from the service (jobs J6). */
export interface JobsMessage {
  readonly topic: string
  /** JSON text. */
  readonly payload: string
  /** Present where it tells a thing of its pending executions. */
  readonly notice?: ThingNotice
}

/** Which notification a message is. */
export interface ThingNotice {
  readonly thingName: string
  readonly topic: 'notify' | 'notify-next'
  /** Of the first pending execution; undefined when none is. */
  readonly jobId: string | undefined
}

/** A request of a thing was answered. */
export interface ThingRequest {
  readonly kind: 'request'
  readonly thingName: string
  /** As over HTTPS: `UpdateJobExecution`. */
  readonly operation: string
  readonly protocol: 'mqtt' | 'https'
  /** undefined where it names none, or the next. */
  readonly jobId: string | undefined
  /** What it was rejected with; undefined when it was accepted. */
  readonly code: string | undefined
}

/** What brought a status about: `job` is a job that was cancelled or does not target the thing any more. */
export type ExecutionMover = 'rollout' | 'device' | 'timer' | 'retry' | 'operator' | 'job'

/** An execution was made or has another status. */
export interface ThingExecution {
  readonly kind: 'execution'
  readonly execution: JobExecution
  readonly by: ExecutionMover
}

/** Something that happened to one thing. */
export type ThingHappening = ThingRequest | ThingExecution

/** Things and groups as the rules ask for them. */
export interface JobRegistry {
  thingExists(thingName: string): boolean
  /** Static or dynamic. */
  groupExists(thingGroupName: string): boolean
  /** Things in the group or in a group below it. */
  thingsInGroup(thingGroupName: string): Iterable<string>
  /** Static groups with all their ancestors, and dynamic groups. */
  groupsOfThing(thingName: string): Iterable<string>
  /** Parent, grandparent and so on; empty for an unknown or dynamic group. */
  ancestorsOfGroup(thingGroupName: string): Iterable<string>
  groupId(thingGroupName: string): string | undefined
  groupNameOfId(thingGroupId: string): string | undefined
  /** Replaces nothing: adds the tags that a CreateJob or CreateJobTemplate carries. */
  addTags(resourceArn: string, tags: readonly Tag[]): void
  /** The resource is gone, and its tags with it. */
  dropTags(resourceArn: string): void
}

/** A package version as jobs ask for it. */
export interface JobPackageVersion {
  readonly status: 'DRAFT' | 'PUBLISHED' | 'DEPRECATED'
  readonly attributes: Readonly<Record<string, string>>
  /** Its file in S3. */
  readonly artifact?: {
    readonly bucket?: string
    readonly key?: string
    readonly version?: string
  }
}

/** The package catalog as jobs ask for it (neighbours N64 to N66). */
export interface JobPackages {
  /** `name` is absent where the package has no default version; undefined for an unknown package. */
  defaultVersion(packageName: string): { readonly name?: string } | undefined
  version(packageName: string, versionName: string): JobPackageVersion | undefined
}

/** An execution that succeeded, of a job with destination package versions. */
export interface InstalledPackages {
  readonly thingName: string
  readonly jobId: string
  /** ARNs with versions' names in them, and `$null` for what was uninstalled. */
  readonly versions: readonly string[]
}

/** Event configurations that Jobs obeys (jobs J108). */
export type JobsEventType = 'JOB' | 'JOB_EXECUTION'

/** Sizes that AWS bounds by quota (jobs §8). */
export interface JobsLimits {
  /** Executions a rollout may create in a minute; Infinity for a test of load. */
  readonly rolloutPerMinuteMax: number
  /** Jobs rolling out or cancelling at one time. */
  readonly concurrentJobsMax: number
  /** SCHEDULED and IN_PROGRESS jobs. */
  readonly activeJobsMax: number
  readonly targetsPerJobMax: number
  readonly concurrentDeletionsMax: number
  readonly jobTemplatesMax: number
  /** Executions handled before other requests get their turn. */
  readonly sliceExecutions: number
  /** Where uploads go that name no bucket (jobs J129). */
  readonly uploadBucket: string
}

/** AWS's default quotas. */
export const DEFAULT_JOBS_LIMITS: JobsLimits = {
  rolloutPerMinuteMax: 1000,
  concurrentJobsMax: 500,
  activeJobsMax: 100_000,
  targetsPerJobMax: 100,
  concurrentDeletionsMax: 10,
  jobTemplatesMax: 100,
  sliceExecutions: 100,
  uploadBucket: 'job-uploads',
}

/** Due work that threw, a bug or damaged data, and is set aside so that the rest goes on. */
export interface FailedWork {
  /** What was to be done: `timeout/J1/1/T1`. */
  readonly work: string
  readonly cause: unknown
  /** When it is tried again, epoch milliseconds. */
  readonly retryAtMs: number
}

/** Everything an engine is made of. */
export interface JobsPorts {
  readonly account: Account
  readonly state: JobsState
  readonly registry: JobRegistry
  /** Absent: no version is known (jobs J131). */
  readonly packages?: JobPackages
  /** Told every notification and event, in order, as the rules make them. */
  readonly publish: (message: JobsMessage) => void
  /**
   * Told that a thing is to hear of its pending executions, in place of the messages that would say so:
   * for who has no wire and wants no payloads. `publish` gets events alone then.
   */
  readonly noticed?: (notice: ThingNotice) => void
  /** Told what happens to each thing, in order; what due work that threw did is not told. */
  readonly witness?: (happening: ThingHappening) => void
  /**
   * Told what devices installed, after the answers and messages of their reports (neighbours N72); those
   * of an MQTT request are in its answer.
   */
  readonly installed?: (packages: InstalledPackages) => void
  /** A fresh unique id for an event. */
  readonly newId: () => string
  /**
   * A link by which an S3 object can be read or written for a while (jobs J103, J129).
   *
   * @param url - `https://s3.region.amazonaws.com/bucket/key` or the bucket-host form; of the newer
   *   placeholders percent-encoded, `%3FversionId%3D…` included
   */
  readonly presign: (
    method: 'GET' | 'PUT',
    url: string,
    expiresInSec: number,
    nowMs: number,
  ) => string
  readonly eventsEnabled: (eventType: JobsEventType) => boolean
  /** Told when work was set to fall due at a time, epoch milliseconds. */
  readonly dueChanged?: (dueAtMs: number) => void
  /** Told of due work that threw, each time. */
  readonly workFailed?: (failed: FailedWork) => void
  /** Told of work that had failed and is done now, or gone with its job. */
  readonly workRecovered?: (work: string) => void
  /** Whether a data-plane operation is over its rate; over HTTPS the listener asks (jobs J113). */
  readonly throttled?: (operation: string) => boolean
  readonly limits?: Partial<JobsLimits>
}

/** The ports with their defaults filled in: the first argument of every rule that acts. */
export interface JobsContext extends Omit<
  JobsPorts,
  'limits' | 'dueChanged' | 'workFailed' | 'workRecovered'
> {
  readonly limits: JobsLimits
  /** Sets due work in the state and tells the shell. */
  readonly putDue: (work: string, dueAtMs: number) => void
}
