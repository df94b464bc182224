/** What the form holds, what is wrong with it, and the request it makes; pure. */
import type {
  AbortCriteria,
  JobExecutionFailureType,
  CreateJobCommandInput,
  Job,
  JobExecutionsRolloutConfig,
} from '@aws-sdk/client-iot'

/** The form's values, as typed. */
export interface JobForm {
  readonly jobId: string
  readonly description: string
  /** Thing group names. */
  readonly groups: readonly string[]
  /** Thing names, separated by spaces, commas or lines. */
  readonly things: string
  readonly document: string
  readonly continuous: boolean
  readonly rollout: 'constant' | 'exponential'
  readonly maximumPerMinute: string
  readonly baseRatePerMinute: string
  readonly incrementFactor: string
  readonly increaseAfterSucceeded: string
  readonly abortType: '' | JobExecutionFailureType
  readonly abortPercentage: string
  readonly abortMinimum: string
  readonly timeoutMinutes: string
  readonly retries: string
}

export type Problems = Readonly<Partial<Record<keyof JobForm, string>>>

/** An empty form with a name nobody has taken yet. */
export function emptyForm(suffix: string): JobForm {
  return {
    jobId: `job-${suffix}`,
    description: '',
    groups: [],
    things: '',
    document: '{\n  "operation": "update-firmware",\n  "version": "1.0.1"\n}',
    continuous: false,
    rollout: 'exponential',
    maximumPerMinute: '1000',
    baseRatePerMinute: '50',
    incrementFactor: '2',
    increaseAfterSucceeded: '50',
    abortType: '',
    abortPercentage: '20',
    abortMinimum: '10',
    timeoutMinutes: '',
    retries: '',
  }
}

/** A form that repeats a job's document for some of its things. */
export function formLike(
  form: JobForm,
  job: Job,
  document: string,
  things: readonly string[],
): JobForm {
  const rollout = job.jobExecutionsRolloutConfig
  return {
    ...form,
    description: `Again, after ${job.jobId}`,
    document,
    things: things.join('\n'),
    rollout: rollout?.exponentialRate ? 'exponential' : 'constant',
    maximumPerMinute: String(rollout?.maximumPerMinute ?? 1000),
  }
}

/** The things named in the form, each once. */
export function thingNames(form: JobForm): readonly string[] {
  return [...new Set(form.things.split(/[\s,]+/).filter((name) => name !== ''))]
}

/** Everything that keeps the form from being sent (jobs J66 to J71). Empty when it may be. */
export function problemsIn(form: JobForm): Problems {
  const problems: Partial<Record<keyof JobForm, string>> = {}
  const number = (name: keyof JobForm, least: number, most: number): void => {
    const value = Number(form[name])
    if (form[name] === '' || !(value >= least && value <= most)) {
      problems[name] = `A number from ${least} to ${most}.`
    }
  }
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(form.jobId)) {
    problems.jobId = 'Letters, digits, hyphen and underscore; at most 64.'
  }
  const targets = thingNames(form).length + form.groups.length
  if (targets === 0) problems.things = 'Name a thing or choose a group.'
  if (targets > 100) problems.things = `A job takes at most 100 targets; these are ${targets}.`
  const fault = documentFault(form.document)
  if (fault !== undefined) problems.document = fault
  number('maximumPerMinute', 1, 1000)
  if (form.rollout === 'exponential') {
    number('baseRatePerMinute', 1, 1000)
    number('incrementFactor', 1.1, 5)
    number('increaseAfterSucceeded', 1, Number.MAX_SAFE_INTEGER)
  }
  if (form.abortType !== '') {
    number('abortPercentage', 0.01, 100)
    number('abortMinimum', 1, Number.MAX_SAFE_INTEGER)
  }
  if (form.timeoutMinutes !== '') number('timeoutMinutes', 1, 10_080)
  if (form.retries !== '') number('retries', 0, 10)
  return problems
}

function documentFault(text: string): string | undefined {
  if (new TextEncoder().encode(text).length > 32_768) return 'Larger than 32 KB.'
  try {
    JSON.parse(text)
    return undefined
  } catch (cause) {
    return `Not JSON: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/** The request of a form without problems. */
export function createJobRequest(
  form: JobForm,
  arns: { thing: (name: string) => string; group: (name: string) => string },
): CreateJobCommandInput {
  const { description, timeoutMinutes, retries } = form
  return {
    jobId: form.jobId,
    targets: [...form.groups.map(arns.group), ...thingNames(form).map(arns.thing)],
    document: form.document,
    targetSelection: form.continuous ? 'CONTINUOUS' : 'SNAPSHOT',
    jobExecutionsRolloutConfig: rolloutConfig(form),
    ...(description === '' ? {} : { description }),
    ...(form.abortType === '' ? {} : { abortConfig: { criteriaList: [abort(form)] } }),
    ...(timeoutMinutes === ''
      ? {}
      : { timeoutConfig: { inProgressTimeoutInMinutes: Number(timeoutMinutes) } }),
    ...(retries === '' || Number(retries) === 0
      ? {}
      : {
          jobExecutionsRetryConfig: {
            // TIMED_OUT can only be retried where a timeout is set (jobs J63).
            criteriaList: [
              {
                failureType: timeoutMinutes === '' ? 'FAILED' : 'ALL',
                numberOfRetries: Number(retries),
              },
            ],
          },
        }),
  }
}

function rolloutConfig(form: JobForm): JobExecutionsRolloutConfig {
  const maximumPerMinute = Number(form.maximumPerMinute)
  if (form.rollout === 'constant') return { maximumPerMinute }
  return {
    maximumPerMinute,
    exponentialRate: {
      baseRatePerMinute: Number(form.baseRatePerMinute),
      incrementFactor: Number(form.incrementFactor),
      rateIncreaseCriteria: { numberOfSucceededThings: Number(form.increaseAfterSucceeded) },
    },
  }
}

function abort(form: JobForm): AbortCriteria {
  return {
    action: 'CANCEL',
    failureType: form.abortType === '' ? 'ALL' : form.abortType,
    thresholdPercentage: Number(form.abortPercentage),
    minNumberOfExecutedThings: Number(form.abortMinimum),
  }
}
