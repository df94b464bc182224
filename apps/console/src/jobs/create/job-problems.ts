/** What keeps the wizard's form from being sent, step by step (jobs J66 to J71, J99 to J101, J121, J127). */
import { documentFault } from '../document.ts'
import { thingNames, type JobForm } from './job-form.ts'
import { windowFault } from './window-form.ts'

/** Steps of the wizard, in order. */
export const steps = ['targets', 'document', 'rollout', 'failures', 'schedule', 'review'] as const
export type Step = (typeof steps)[number]

/** A sentence for each field that needs attention, by the field's name. */
export type Problems = Readonly<Record<string, string>>

const minuteMs = 60_000
const leadMs = 30 * minuteMs
const targetsMax = 100

/**
 * @param nowMs - the server's time, for schedules
 * @returns empty when nothing stands in the way of this step
 */
export function problemsIn(step: Step, form: JobForm, nowMs: number): Problems {
  switch (step) {
    case 'targets':
      return found(targetFaults(form))
    case 'document':
      return found(documentFaults(form))
    case 'rollout':
      return found(rolloutFaults(form))
    case 'failures':
      return found(failureFaults(form))
    case 'schedule':
      return found(scheduleFaults(form, nowMs))
    case 'review':
      return {}
  }
}

/** The first step that has a problem. */
export function firstFaultyStep(form: JobForm, nowMs: number): Step | undefined {
  return steps.find((step) => Object.keys(problemsIn(step, form, nowMs)).length > 0)
}

type Faults = Record<string, string | undefined>

function found(faults: Faults): Problems {
  return Object.fromEntries(
    Object.entries(faults).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function targetFaults(form: JobForm): Faults {
  const hasQuery = form.query.trim() !== ''
  const targets = thingNames(form).length + form.groups.length + Number(hasQuery)
  const badTag = form.tags.find(({ key }) => key.trim() === '' || /^aws:/i.test(key))
  return {
    jobId: /^[a-zA-Z0-9_-]{1,64}$/.test(form.jobId)
      ? undefined
      : 'Letters, digits, hyphen and underscore; at most 64.',
    targets:
      targets === 0
        ? 'Choose a group, name a thing, or write a query.'
        : targets > targetsMax
          ? `A job takes at most ${targetsMax} targets; these are ${targets}.`
          : undefined,
    queryGroup:
      hasQuery && !/^[a-zA-Z0-9:_-]{1,128}$/.test(form.queryGroup)
        ? 'Letters, digits, colon, hyphen and underscore; at most 128.'
        : undefined,
    tags: badTag ? 'A tag has a key, which does not begin with aws:.' : undefined,
  }
}

function documentFaults(form: JobForm): Faults {
  return {
    document: form.source === 'document' ? documentFault(form.document) : undefined,
    documentUrl:
      form.source === 's3' && !/^https:\/\/\S+$/.test(form.documentUrl)
        ? 'The address of the document: https://s3.….amazonaws.com/BUCKET/KEY.'
        : undefined,
    template:
      (form.source === 'template' || form.source === 'managed') && form.template === ''
        ? 'Choose a template.'
        : undefined,
    roleArn:
      form.roleArn === '' || /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(form.roleArn)
        ? undefined
        : 'The ARN of a role: arn:aws:iam::123456789012:role/NAME.',
  }
}

function rolloutFaults(form: JobForm): Faults {
  const most = whole(form.maximumPerMinute, 1, 1000)
  if (form.rollout === 'constant') return { maximumPerMinute: most }
  const base = whole(form.baseRatePerMinute, 1, 1000)
  const isAbove = Number(form.baseRatePerMinute) > Number(form.maximumPerMinute)
  const factor = Number(form.incrementFactor)
  return {
    maximumPerMinute: most,
    baseRatePerMinute: base ?? (isAbove ? 'Not more than the maximum.' : undefined),
    incrementFactor:
      /^\d+(\.\d)?$/.test(form.incrementFactor) && factor >= 1.1 && factor <= 5
        ? undefined
        : 'A number from 1.1 to 5 with one decimal.',
    increaseAfter: whole(form.increaseAfter, 1, Number.MAX_SAFE_INTEGER),
  }
}

function failureFaults(form: JobForm): Faults {
  const faults: Faults = {
    timeoutMinutes: form.timeoutMinutes === '' ? undefined : whole(form.timeoutMinutes, 1, 10_080),
  }
  const types = new Set<string>()
  form.abort.forEach(({ failureType, percentage, minimum }, index) => {
    const percent = Number(percentage)
    faults[`abort.${index}.percentage`] =
      /^\d+(\.\d{1,2})?$/.test(percentage) && percent > 0 && percent <= 100
        ? undefined
        : 'A percentage up to 100 with at most two decimals.'
    faults[`abort.${index}.minimum`] = whole(minimum, 1, Number.MAX_SAFE_INTEGER)
    if (types.has(failureType)) faults[`abort.${index}.failureType`] = 'Each kind once.'
    types.add(failureType)
  })
  const retried = form.retry.map(({ failureType }) => failureType)
  form.retry.forEach(({ failureType, retries }, index) => {
    faults[`retry.${index}.retries`] = whole(retries, 0, 10)
    const twice = retried.indexOf(failureType) !== index
    const beside = failureType === 'ALL' && retried.length > 1
    if (twice) faults[`retry.${index}.failureType`] = 'Each kind once.'
    if (beside) faults[`retry.${index}.failureType`] = 'Any failure stands by itself.'
    if (failureType === 'TIMED_OUT' && form.timeoutMinutes === '') {
      faults[`retry.${index}.failureType`] = 'Nothing times out without a timeout: set one above.'
    }
  })
  return faults
}

function scheduleFaults(form: JobForm, nowMs: number): Faults {
  const start = form.startTime === '' ? undefined : utcMs(form.startTime)
  const end = form.endTime === '' ? undefined : utcMs(form.endTime)
  const faults: Faults = {
    startTime:
      form.startTime === ''
        ? undefined
        : start === undefined
          ? 'UTC, as 2027-03-01T10:00.'
          : start < nowMs + leadMs
            ? 'At least 30 minutes ahead.'
            : undefined,
    endTime:
      form.endTime === ''
        ? undefined
        : end === undefined
          ? 'UTC, as 2027-03-01T12:00.'
          : end < (start ?? nowMs) + leadMs
            ? 'At least 30 minutes ahead, and after the start.'
            : undefined,
    windows: undefined,
  }
  if (form.windows.length > 0 && !form.continuous) {
    faults['windows'] = 'Only a continuous job has maintenance windows: see its targets.'
  } else if (form.windows.length > 0 && form.startTime === '') {
    faults['windows'] = 'Maintenance windows need a start time above.'
  }
  form.windows.forEach((window, index) => {
    faults[`windows.${index}`] = windowFault(window)
  })
  return faults
}

function whole(text: string, least: number, most: number): string | undefined {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) {
    return undefined
  }
  return most === Number.MAX_SAFE_INTEGER
    ? `A whole number of ${least} or more.`
    : `A whole number from ${least} to ${most}.`
}

/** Epoch milliseconds of `YYYY-MM-DDThh:mm` in UTC; undefined for another text. */
export function utcMs(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined
  const ms = Date.parse(`${text}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/** A moment as schedules write it. */
export function utcText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16)
}
