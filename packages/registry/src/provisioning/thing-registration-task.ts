/**
 * Bulk registrations as far as they are state (gateway G114); the server reads the file and calls
 * RegisterThing line by line.
 */
import type {
  DescribeThingRegistrationTaskRequest,
  DescribeThingRegistrationTaskResponse,
  ListThingRegistrationTasksRequest,
  ListThingRegistrationTasksResponse,
  StartThingRegistrationTaskRequest,
  StartThingRegistrationTaskResponse,
  StopThingRegistrationTaskRequest,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, type Outcome } from '@muster/model'
import { page } from '../paging/page.ts'
import { notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { RegistrationTaskRecord } from './provisioning-record.ts'
import { parseTemplate } from './template.ts'

/** How far a task has come. */
export type RegistrationTaskProgress = Partial<
  Pick<
    RegistrationTaskRecord,
    'status' | 'message' | 'successCount' | 'failureCount' | 'percentageProgress'
  >
>

/**
 * StartThingRegistrationTask: InProgress until the server reports otherwise.
 *
 * InvalidRequestException for a body that is no template, and while another task runs.
 */
export function startThingRegistrationTask(
  state: RegistryState,
  input: StartThingRegistrationTaskRequest,
  nowMs: number,
): Outcome<StartThingRegistrationTaskResponse> {
  const { inputFileBucket = '', inputFileKey = '', roleArn = '', templateBody = '' } = input
  const template = parseTemplate(templateBody, 'REGISTRATION')
  if (!template.ok) return template
  const running = runningRegistrationTask(state)
  if (running !== undefined) {
    return invalidRequest(`task ${running.taskId} is still ${running.status}`)
  }
  const taskId = state.ports.newId()
  state.provisioning.tasks.set(taskId, {
    taskId,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    templateBody,
    inputFileBucket,
    inputFileKey,
    roleArn,
    status: 'InProgress',
    successCount: 0,
    failureCount: 0,
    percentageProgress: 0,
  })
  return accept({ taskId })
}

/**
 * StopThingRegistrationTask: Cancelling, until the server has stopped.
 *
 * ResourceNotFoundException; InvalidRequestException for a task that has ended.
 */
export function stopThingRegistrationTask(
  state: RegistryState,
  input: StopThingRegistrationTaskRequest,
  nowMs: number,
): Outcome<object> {
  const found = findRegistrationTask(state, input.taskId)
  if (!found.ok) return found
  const { status, taskId } = found.value
  if (status === 'Cancelling') return accept({})
  if (status !== 'InProgress') return invalidRequest(`task ${taskId} is already ${status}`)
  reportRegistrationTask(state, taskId, { status: 'Cancelling' }, nowMs)
  return accept({})
}

/** DescribeThingRegistrationTask; ResourceNotFoundException. */
export function describeThingRegistrationTask(
  state: RegistryState,
  input: DescribeThingRegistrationTaskRequest,
): Outcome<DescribeThingRegistrationTaskResponse> {
  const found = findRegistrationTask(state, input.taskId)
  if (!found.ok) return found
  const { createdAtMs, modifiedAtMs, ...members } = found.value
  return accept({
    ...members,
    creationDate: new Date(createdAtMs),
    lastModifiedDate: new Date(modifiedAtMs),
  })
}

/** ListThingRegistrationTasks, oldest first, of one status if asked. */
export function listThingRegistrationTasks(
  state: RegistryState,
  input: ListThingRegistrationTasksRequest,
): Outcome<ListThingRegistrationTasksResponse> {
  const { tasks, tasksByAge } = state.provisioning
  const { status } = input
  const paged = page<string>(
    {
      scope: `ListThingRegistrationTasks/${status ?? ''}`,
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) => tasksByAge.after(last),
    (key) => {
      const task = tasks.get(key.slice(key.indexOf('/') + 1))
      return task === undefined || (status !== undefined && task.status !== status)
        ? undefined
        : task.taskId
    },
  )
  if (!paged.ok) return paged
  const { items, next } = paged.value
  return accept({ taskIds: items, ...(next === undefined ? {} : { nextToken: next }) })
}

/** Notes how far a task has come; a task that is gone stays so. */
export function reportRegistrationTask(
  state: RegistryState,
  taskId: string,
  progress: RegistrationTaskProgress,
  nowMs: number,
): void {
  const before = state.provisioning.tasks.get(taskId)
  if (before === undefined) return
  state.provisioning.tasks.set(taskId, { ...before, ...progress, modifiedAtMs: nowMs })
}

/** The task that has not ended, if there is one. */
export function runningRegistrationTask(state: RegistryState): RegistrationTaskRecord | undefined {
  for (const task of state.provisioning.tasks.values()) {
    if (task.status === 'InProgress' || task.status === 'Cancelling') return task
  }
  return undefined
}

/** The task, or ResourceNotFoundException. */
export function findRegistrationTask(
  state: RegistryState,
  taskId: string | undefined,
): Outcome<RegistrationTaskRecord> {
  const task = state.provisioning.tasks.get(taskId ?? '')
  return task === undefined ? notFound(`Task ${taskId ?? ''} cannot be found.`) : accept(task)
}
