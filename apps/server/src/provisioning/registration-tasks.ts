/**
 * Bulk registrations running: NDJSON lines of parameters out of a folder that stands for S3, each
 * line a RegisterThing (gateway G114).
 */
import { appendFileSync, createReadStream, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { accept, refuse, type Outcome } from '@muster/model'
import type { RegistrationTaskRecord, Registry } from '@muster/registry'
import { fileBelow } from '../s3/file-below.ts'
import type { Slices } from '../slices.ts'
import type { Turn } from '../turn.ts'
import { registrationLines, type RegistrationLine } from './registration-lines.ts'

/** What {@link startRegistrationTasks} works with. */
export interface RegistrationTaskPorts {
  readonly registry: Registry
  readonly turn: Turn
  readonly slices: Slices
  /** `FOLDER/BUCKET/KEY`; undefined fails every task with a message that says so. */
  readonly s3Folder: string | undefined
  /** An address at which an object of that folder can be fetched for a while. */
  link(bucket: string, key: string): string
  /** Clock time, epoch milliseconds. */
  nowMs(): number
  /** Told of a task that could not go on for a reason that is no refusal. */
  fault(cause: unknown): void
}

/** The two kinds of report. */
export type ReportType = 'ERRORS' | 'RESULTS'

/** Runs at most one task at a time. */
export interface RegistrationTasks {
  /** Starts running the task that is InProgress, if it is not running yet. */
  wake(): void
  /** Addresses of a task's report files; none while there is nothing to report. */
  reportLinks(task: RegistrationTaskRecord, reportType: ReportType): string[]
  /** Resolves when no task runs. */
  idle(): Promise<void>
  /** Stops between two lines; the task goes on when the server starts again. */
  stop(): void
}

/** Lines read at a time; they are registered in slices. */
const linesAtOnce = 50

/** Makes the runner and lets an interrupted task go on. */
export function startRegistrationTasks(ports: RegistrationTaskPorts): RegistrationTasks {
  let running: Promise<void> | undefined
  let stopped = false
  const wake = (): void => {
    const task = ports.registry.runningRegistrationTask()
    if (running !== undefined || stopped || task === undefined) return
    running = runTask(ports, task, () => stopped)
      .catch((cause: unknown) => {
        if (stopped) return
        const message = cause instanceof Error ? cause.message : String(cause)
        report(ports, task, { status: 'Failed', message: message.slice(0, 2048) })
        ports.fault(cause)
      })
      .finally(() => {
        running = undefined
        // The next task may have been started while this one said its last word.
        wake()
      })
  }
  wake()
  return {
    wake,
    reportLinks: (task, reportType) => {
      const { s3Folder } = ports
      if (s3Folder === undefined) return []
      const key = reportKey(task, reportType)
      const { inputFileBucket: bucket } = task
      return existsSync(inside(s3Folder, bucket, key)) ? [ports.link(bucket, key)] : []
    },
    idle: () => running ?? Promise.resolve(),
    stop: () => {
      stopped = true
    },
  }
}

async function runTask(
  ports: RegistrationTaskPorts,
  task: RegistrationTaskRecord,
  isStopped: () => boolean,
): Promise<void> {
  const { s3Folder } = ports
  if (s3Folder === undefined) {
    throw new Error('the server was started without a folder that stands for S3 (--s3-folder)')
  }
  const { inputFileBucket, inputFileKey } = task
  const file = await fileBelow(s3Folder, `${inputFileBucket}/${inputFileKey}`)
  if (file === undefined) {
    throw new Error(`there is no object ${inputFileKey} in the bucket ${inputFileBucket}`)
  }
  const bytes = statSync(file).size
  const progress = new TaskProgress(ports, task, s3Folder)
  // Lines counted before an interruption are not registered again.
  let toSkip = task.successCount + task.failureCount
  for await (const lines of registrationLines(createReadStream(file), linesAtOnce)) {
    if (stateOf(ports, task, isStopped) !== 'InProgress') break
    let fresh = lines.slice(toSkip)
    toSkip -= lines.length - fresh.length
    while (fresh.length > 0 && stateOf(ports, task, isStopped) === 'InProgress') {
      fresh = fresh.slice(await progress.register(fresh, bytes))
      await nextTurn()
    }
  }
  const state = stateOf(ports, task, isStopped)
  if (state === undefined) return
  report(
    ports,
    task,
    state === 'Cancelling'
      ? { status: 'Cancelled' }
      : { status: 'Completed', percentageProgress: 100 },
  )
  await ports.turn.committed()
}

/** The task's status; undefined once the server stops, or the task is gone with a reset. */
function stateOf(
  { registry }: RegistrationTaskPorts,
  { taskId }: RegistrationTaskRecord,
  isStopped: () => boolean,
): string | undefined {
  const running = isStopped() ? undefined : registry.runningRegistrationTask()
  return running?.taskId === taskId ? running.status : undefined
}

/** Counts and reports of a task. */
class TaskProgress {
  readonly #ports: RegistrationTaskPorts
  readonly #task: RegistrationTaskRecord
  readonly #s3Folder: string
  #successCount: number
  #failureCount: number
  #results = ''
  #errors = ''

  constructor(ports: RegistrationTaskPorts, task: RegistrationTaskRecord, s3Folder: string) {
    this.#ports = ports
    this.#task = task
    this.#s3Folder = s3Folder
    this.#successCount = task.successCount
    this.#failureCount = task.failureCount
  }

  /**
   * Registers the first of some lines and counts them in one slice, so that they commit together: a
   * server that is killed goes on with the next line. Reports are written after; a kill in between
   * loses some.
   *
   * @param bytes - of the whole file
   * @returns how many lines were registered, at least one
   */
  async register(lines: readonly RegistrationLine[], bytes: number): Promise<number> {
    const { slices, turn } = this.#ports
    const count = await slices.slice((goesOn) => {
      let at = 0
      do this.#registerLine(lines[at++] as RegistrationLine)
      while (at < lines.length && goesOn())
      const endsAtByte = lines[at - 1]?.endsAtByte ?? 0
      report(this.#ports, this.#task, {
        successCount: this.#successCount,
        failureCount: this.#failureCount,
        percentageProgress: Math.min(99, Math.floor((endsAtByte / bytes) * 100)),
      })
      return at
    })
    await turn.committed()
    this.#append('RESULTS', this.#results)
    this.#append('ERRORS', this.#errors)
    this.#results = ''
    this.#errors = ''
    return count
  }

  #registerLine(line: RegistrationLine): void {
    const { registry } = this.#ports
    const { templateBody } = this.#task
    const { lineNumber } = line
    const parameters = parametersOf(line)
    const outcome = parameters.ok
      ? registry.registerThing({ templateBody, parameters: parameters.value }, this.#ports.nowMs())
      : parameters
    if (outcome.ok) {
      this.#successCount += 1
      this.#results += `${JSON.stringify({ lineNumber, response: outcome.value })}\n`
    } else {
      this.#failureCount += 1
      const { code: errorCode, message: errorMessage } = outcome.error
      const response = { errorCode, errorMessage }
      this.#errors += `${JSON.stringify({ lineNumber, response })}\n`
    }
  }

  #append(reportType: ReportType, text: string): void {
    if (text === '') return
    const key = reportKey(this.#task, reportType)
    const file = inside(this.#s3Folder, this.#task.inputFileBucket, key)
    mkdirSync(dirname(file), { recursive: true })
    appendFileSync(file, text)
  }
}

function parametersOf(line: RegistrationLine): Outcome<Record<string, string>> {
  if ('fault' in line) return refuse('InvalidRequestException', line.fault)
  const parameters = textsOf(line.text)
  return parameters === undefined
    ? refuse('InvalidRequestException', 'the line is not a JSON object of strings')
    : accept(parameters)
}

function textsOf(line: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const texts = Object.values(value).every((member) => typeof member === 'string')
    return texts ? (value as Record<string, string>) : undefined
  } catch {
    return undefined
  }
}

function report(
  { nowMs, registry }: RegistrationTaskPorts,
  task: RegistrationTaskRecord,
  progress: Parameters<Registry['reportRegistrationTask']>[1],
): void {
  registry.reportRegistrationTask(task.taskId, progress, nowMs())
}

/** Reports lie in the bucket of the input. */
function reportKey(task: RegistrationTaskRecord, reportType: ReportType): string {
  return `thing-registration-tasks/${task.taskId}/${reportType.toLowerCase()}.ndjson`
}

/** A file of a bucket; keys can name nothing outside of it. */
function inside(s3Folder: string, bucket: string, key: string): string {
  const folder = resolve(s3Folder, bucket)
  const file = resolve(folder, key)
  if (resolve(folder, '..') !== resolve(s3Folder) || !file.startsWith(folder + sep)) {
    throw new Error(`the bucket ${bucket} cannot have a key ${key}`)
  }
  return file
}
