/** What the wizard holds, as typed. */
import type { EndBehavior, FailureType } from './failure-types.ts'
import type { WindowForm } from './window-form.ts'

/** When a job aborts itself. */
export interface AbortForm {
  readonly failureType: FailureType
  readonly percentage: string
  readonly minimum: string
}

/** How often an execution that ended so is tried again. */
export interface RetryForm {
  readonly failureType: 'FAILED' | 'TIMED_OUT' | 'ALL'
  readonly retries: string
}

/** One tag. */
export interface TagForm {
  readonly key: string
  readonly value: string
}

/** Where the document comes from. */
export type DocumentSource = 'document' | 's3' | 'template' | 'managed'

/** The wizard's values. */
export interface JobForm {
  readonly jobId: string
  readonly description: string
  readonly tags: readonly TagForm[]

  readonly continuous: boolean
  /** Thing group names. */
  readonly groups: readonly string[]
  /** Thing names, separated by spaces, commas or lines. */
  readonly things: string
  /** A fleet query, for which a dynamic group is made. */
  readonly query: string
  readonly queryGroup: string

  readonly source: DocumentSource
  readonly document: string
  /** `https://s3…`. */
  readonly documentUrl: string
  /** Name of a template of the account's or of AWS's. */
  readonly template: string
  readonly parameters: Readonly<Record<string, string>>
  /** Who signs links to S3 in the document. */
  readonly roleArn: string
  /** ARNs of package versions that the job installs. */
  readonly packageVersions: readonly string[]

  readonly rollout: 'constant' | 'exponential'
  readonly maximumPerMinute: string
  readonly baseRatePerMinute: string
  readonly incrementFactor: string
  readonly increaseAt: 'succeeded' | 'notified'
  readonly increaseAfter: string

  readonly abort: readonly AbortForm[]
  readonly timeoutMinutes: string
  readonly retry: readonly RetryForm[]

  /** UTC, `YYYY-MM-DDThh:mm`; empty for at once, and for no end. */
  readonly startTime: string
  readonly endTime: string
  readonly endBehavior: EndBehavior
  readonly windows: readonly WindowForm[]
}

/** An empty form with a name nobody has taken yet. */
export function emptyForm(suffix: string): JobForm {
  return {
    jobId: `job-${suffix}`,
    description: '',
    tags: [],
    continuous: false,
    groups: [],
    things: '',
    query: '',
    queryGroup: `job-${suffix}-targets`,
    source: 'document',
    document: '{\n  "operation": "update-firmware",\n  "version": "1.0.1"\n}',
    documentUrl: '',
    template: '',
    parameters: {},
    roleArn: '',
    packageVersions: [],
    rollout: 'exponential',
    maximumPerMinute: '1000',
    baseRatePerMinute: '50',
    incrementFactor: '2',
    increaseAt: 'succeeded',
    increaseAfter: '50',
    abort: [],
    timeoutMinutes: '',
    retry: [],
    startTime: '',
    endTime: '',
    endBehavior: 'STOP_ROLLOUT',
    windows: [],
  }
}

/** The things named in the form, each once. */
export function thingNames(form: Pick<JobForm, 'things'>): readonly string[] {
  return [...new Set(form.things.split(/[\s,]+/).filter((name) => name !== ''))]
}
