/**
 * From a job document to the code that serves it (jobs J116, J117).
 */
import { accept, refuse, type Outcome } from '@muster/model'
import type { JobHandler, JobHandlers, JobResult, RunningJob } from './job-handler.ts'

interface Step {
  readonly name: string
  readonly operation: string
  readonly ignoreFailure: boolean
}

/**
 * Finds what serves a document: the handler named by its `operation`, or, for the AWS IoT Device
 * Client's form with `steps`, one handler after another (`runHandler` steps by the name of their
 * handler, `runCommand` steps by `runCommand`), ending with `finalStep`; an OTA update's by `afr_ota`.
 *
 * @param fallback - serves operations that `handlers` lacks
 * @returns a refusal whose message says why the document cannot be served (jobs J117: REJECTED)
 */
export function handlerFor(
  document: unknown,
  handlers: JobHandlers,
  fallback?: JobHandler,
): Outcome<JobHandler, 'REJECTED'> {
  const find = (operation: string): JobHandler | undefined =>
    Object.hasOwn(handlers, operation) ? handlers[operation] : fallback
  if (!isObject(document)) return refuse('REJECTED', 'job document is not a JSON object')
  if (Array.isArray(document['steps'])) {
    const steps = [...document['steps'], document['finalStep']].filter(
      (step: unknown) => step !== undefined,
    )
    const parsed = steps.map(stepOf)
    const found: { step: Step; handler: JobHandler }[] = []
    for (const step of parsed) {
      if (step === undefined) return refuse('REJECTED', 'a step of the job document has no action')
      const handler = find(step.operation)
      if (handler === undefined) return refuse('REJECTED', `no handler for \`${step.operation}\``)
      found.push({ step, handler })
    }
    return accept((job) => runSteps(job, found))
  }
  // OTA jobs of AWS's have a document of their own.
  const operation = 'afr_ota' in document ? 'afr_ota' : document['operation']
  if (typeof operation !== 'string') {
    return fallback === undefined
      ? refuse('REJECTED', 'job document names no `operation`')
      : accept(fallback)
  }
  const handler = find(operation)
  return handler === undefined
    ? refuse('REJECTED', `no handler for \`${operation}\``)
    : accept(handler)
}

async function runSteps(
  job: RunningJob,
  steps: readonly { step: Step; handler: JobHandler }[],
): Promise<JobResult> {
  let last: JobResult = { status: 'SUCCEEDED' }
  for (const { step, handler } of steps) {
    const result = await handler(job)
    if (result.status !== 'SUCCEEDED' && !step.ignoreFailure) {
      return { ...result, statusDetails: { step: step.name, ...result.statusDetails } }
    }
    if (job.signal.aborted) return result
    last = { status: 'SUCCEEDED', ...pickDetails(result) }
  }
  return last
}

function pickDetails(result: JobResult): Pick<JobResult, 'statusDetails'> {
  return result.statusDetails === undefined ? {} : { statusDetails: result.statusDetails }
}

function stepOf(step: unknown): Step | undefined {
  const action = isObject(step) ? step['action'] : undefined
  if (!isObject(action)) return undefined
  const input = isObject(action['input']) ? action['input'] : {}
  const operation =
    action['type'] === 'runHandler' && typeof input['handler'] === 'string'
      ? input['handler']
      : String(action['type'] ?? action['name'])
  return {
    name: String(action['name'] ?? operation),
    operation,
    ignoreFailure: action['ignoreStepFailure'] === true || action['ignoreStepFailure'] === 'true',
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
