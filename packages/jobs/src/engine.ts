/**
 * The Jobs service without a wire: commands and the time in, outcomes and messages out.
 */
import type * as Iot from '@aws-sdk/client-iot'
import type * as JobsData from '@aws-sdk/client-iot-jobs-data-plane'
import type { Outcome } from '@muster/model'
import { cancelJob } from './cancel-job.ts'
import { associateTargets, updateJob } from './change-job.ts'
import { createJob } from './create-job.ts'
import { answerMqtt, type MqttReply } from './data-plane-mqtt.ts'
import { describeHttps, getPendingHttps, startNextHttps, updateHttps } from './data-plane-https.ts'
import { deleteJob } from './delete-job.ts'
import { describeJob, getJobDocument, listJobs } from './describe-job.ts'
import { runFirstDue } from './due-work.ts'
import {
  cancelJobExecution,
  deleteJobExecution,
  describeJobExecution,
  listJobExecutionsForJob,
  listJobExecutionsForThing,
} from './execution-operations.ts'
import { groupDeleted, membershipChanged, thingDeleted } from './membership.ts'
import {
  DEFAULT_JOBS_LIMITS,
  type InstalledPackages,
  type JobsContext,
  type JobsMessage,
  type JobsPorts,
  type ThingHappening,
} from './ports.ts'
import { SetAside } from './set-aside.ts'
import {
  createJobTemplate,
  deleteJobTemplate,
  describeJobTemplate,
  describeManagedJobTemplate,
  listJobTemplates,
  listManagedJobTemplates,
} from './template-operations.ts'
import { NEXT, parseTopic } from './topics.ts'

/** An operation that answers nothing. */
export type Empty = Record<never, never>

/** What a device's MQTT request brings about. */
export interface MqttAnswer extends MqttReply {
  /** To publish after the reply, in order (jobs J36). */
  readonly messages: readonly JobsMessage[]
  /** What the device installed, to be told after them; see {@link JobsPorts.installed}. */
  readonly installed: readonly InstalledPackages[]
}

/** Answers the publishes of devices to one topic. */
export type MqttCall = (payload: Uint8Array, nowMs: number) => MqttAnswer

/**
 * Applies Jobs commands to a state. Synchronous: nothing awaits, nothing reads a clock. Every
 * notification and event goes to the `publish` port, except those of an {@link mqttCall}.
 */
export class JobsEngine {
  readonly #ctx: JobsContext
  /** The same, but what is told goes to `#told`. */
  readonly #keeping: JobsContext
  #told: Collected = { messages: [], happenings: [], installed: [] }
  readonly #setAside = new SetAside()
  readonly #ports: Pick<JobsPorts, 'workFailed' | 'workRecovered'>

  constructor(ports: JobsPorts) {
    const putDue = (work: string, dueAtMs: number): void => {
      ports.state.putDue(work, dueAtMs)
      ports.dueChanged?.(dueAtMs)
    }
    this.#ports = ports
    const limits = { ...DEFAULT_JOBS_LIMITS, ...ports.limits }
    this.#ctx = { ...ports, putDue, limits }
    this.#keeping = {
      ...this.#ctx,
      publish: (message) => void this.#told.messages.push(message),
      witness: (happening) => void this.#told.happenings.push(happening),
      installed: (packages) => void this.#told.installed.push(packages),
    }
  }

  /**
   * What devices call by publishing to a topic below `$aws/things/+/jobs/`, which is read here once.
   *
   * @returns undefined for a topic outside that tree
   */
  mqttCall(topic: string): MqttCall | undefined {
    const parsed = parseTopic(topic)
    if (parsed === undefined) return undefined
    return (payload, nowMs) => {
      const [answer, told] = this.#collect((ctx) => answerMqtt(ctx, parsed, payload, nowMs))
      this.#tellHappenings(told.happenings)
      // What the request brings about leaves after its reply.
      return { ...answer, messages: told.messages, installed: told.installed }
    }
  }

  /**
   * Does due work, at most about `budget` executions of it. Work that throws leaves nothing behind, is
   * told to `workFailed` and tried again later; the rest goes on.
   *
   * @returns whether more is due at `nowMs`
   * @throws when the state itself cannot say what is due
   */
  runDue(nowMs: number, budget: number): boolean {
    if (this.#ctx.state.firstDue(nowMs) === undefined) return false
    try {
      this.#wholly((ctx) => runSlice(ctx, nowMs, budget))
    } catch {
      // One of them is bad: each by itself now, so that it alone is set aside.
      this.#runOneByOne(nowMs, budget)
    }
    const isMore = this.#ctx.state.firstDue(nowMs) !== undefined
    if (!isMore) {
      for (const work of this.#setAside.settled(nowMs)) this.#ports.workRecovered?.(work)
    }
    return isMore
  }

  /** After the state was emptied. */
  reset(): void {
    this.#setAside.clear()
  }

  /** When work next falls due, epoch milliseconds; undefined when none waits. */
  nextDueAtMs(): number | undefined {
    return this.#ctx.state.nextDueAtMs()
  }

  /** jobs J78; called after the thing is gone from the registry. */
  onThingDeleted(thingName: string, nowMs: number): void {
    thingDeleted(this.#ctx, thingName, nowMs)
  }

  /** jobs J75 to J77; called after a thing joined or left a static or dynamic group. */
  onMembershipChanged(
    thingName: string,
    thingGroupName: string,
    hasJoined: boolean,
    nowMs: number,
  ): void {
    membershipChanged(this.#ctx, thingName, thingGroupName, hasJoined, nowMs)
  }

  /** jobs J77; called after a group is gone from the registry. */
  onGroupDeleted(thingGroupName: string, nowMs: number): void {
    groupDeleted(this.#ctx, thingGroupName, nowMs)
  }

  // Jobs data plane over HTTPS (jobs §2).

  getPendingJobExecutions(
    input: JobsData.GetPendingJobExecutionsRequest,
  ): Outcome<JobsData.GetPendingJobExecutionsResponse> {
    return this.#asked('GetPendingJobExecutions', input, (ctx) => getPendingHttps(ctx, input))
  }

  startNextPendingJobExecution(
    input: JobsData.StartNextPendingJobExecutionRequest,
    nowMs: number,
  ): Outcome<JobsData.StartNextPendingJobExecutionResponse> {
    return this.#asked('StartNextPendingJobExecution', input, (ctx) =>
      startNextHttps(ctx, input, nowMs),
    )
  }

  /** The device's DescribeJobExecution; the operator's is {@link describeJobExecution}. */
  describeDeviceJobExecution(
    input: JobsData.DescribeJobExecutionRequest,
    nowMs: number,
  ): Outcome<JobsData.DescribeJobExecutionResponse> {
    return this.#asked('DescribeJobExecution', input, (ctx) => describeHttps(ctx, input, nowMs))
  }

  updateJobExecution(
    input: JobsData.UpdateJobExecutionRequest,
    nowMs: number,
  ): Outcome<JobsData.UpdateJobExecutionResponse> {
    return this.#asked('UpdateJobExecution', input, (ctx) => updateHttps(ctx, input, nowMs))
  }

  // Control plane (jobs §4).

  /** @param fetched - the text behind `documentSource`, for the shell to fetch */
  createJob(
    input: Iot.CreateJobRequest,
    nowMs: number,
    fetched?: string,
  ): Outcome<Iot.CreateJobResponse> {
    return createJob(this.#ctx, input, nowMs, fetched)
  }

  /** A job of an OTA update, whose document the service wrote (neighbours N97). */
  createServiceJob(input: Iot.CreateJobRequest, nowMs: number): Outcome<Iot.CreateJobResponse> {
    return createJob(this.#ctx, input, nowMs, undefined, true)
  }

  describeJob(input: Iot.DescribeJobRequest, nowMs: number): Outcome<Iot.DescribeJobResponse> {
    return describeJob(this.#ctx, input, nowMs)
  }

  updateJob(input: Iot.UpdateJobRequest, nowMs: number): Outcome<Empty> {
    return updateJob(this.#ctx, input, nowMs)
  }

  cancelJob(input: Iot.CancelJobRequest, nowMs: number): Outcome<Iot.CancelJobResponse> {
    return cancelJob(this.#ctx, input, nowMs)
  }

  deleteJob(input: Iot.DeleteJobRequest, nowMs: number): Outcome<Empty> {
    return deleteJob(this.#ctx, input, nowMs)
  }

  getJobDocument(input: Iot.GetJobDocumentRequest): Outcome<Iot.GetJobDocumentResponse> {
    return getJobDocument(this.#ctx, input)
  }

  listJobs(input: Iot.ListJobsRequest): Outcome<Iot.ListJobsResponse> {
    return listJobs(this.#ctx, input)
  }

  associateTargetsWithJob(
    input: Iot.AssociateTargetsWithJobRequest,
    nowMs: number,
  ): Outcome<Iot.AssociateTargetsWithJobResponse> {
    return associateTargets(this.#ctx, input, nowMs)
  }

  listJobExecutionsForJob(
    input: Iot.ListJobExecutionsForJobRequest,
  ): Outcome<Iot.ListJobExecutionsForJobResponse> {
    return listJobExecutionsForJob(this.#ctx, input)
  }

  listJobExecutionsForThing(
    input: Iot.ListJobExecutionsForThingRequest,
  ): Outcome<Iot.ListJobExecutionsForThingResponse> {
    return listJobExecutionsForThing(this.#ctx, input)
  }

  describeJobExecution(
    input: Iot.DescribeJobExecutionRequest,
    nowMs: number,
  ): Outcome<Iot.DescribeJobExecutionResponse> {
    return describeJobExecution(this.#ctx, input, nowMs)
  }

  cancelJobExecution(input: Iot.CancelJobExecutionRequest, nowMs: number): Outcome<Empty> {
    return cancelJobExecution(this.#ctx, input, nowMs)
  }

  deleteJobExecution(input: Iot.DeleteJobExecutionRequest, nowMs: number): Outcome<Empty> {
    return deleteJobExecution(this.#ctx, input, nowMs)
  }

  /** @param fetched - the text behind `documentSource`, for the shell to fetch */
  createJobTemplate(
    input: Iot.CreateJobTemplateRequest,
    nowMs: number,
    fetched?: string,
  ): Outcome<Iot.CreateJobTemplateResponse> {
    return createJobTemplate(this.#ctx, input, nowMs, fetched)
  }

  describeJobTemplate(
    input: Iot.DescribeJobTemplateRequest,
  ): Outcome<Iot.DescribeJobTemplateResponse> {
    return describeJobTemplate(this.#ctx, input)
  }

  deleteJobTemplate(input: Iot.DeleteJobTemplateRequest): Outcome<Empty> {
    return deleteJobTemplate(this.#ctx, input)
  }

  listJobTemplates(input: Iot.ListJobTemplatesRequest): Outcome<Iot.ListJobTemplatesResponse> {
    return listJobTemplates(this.#ctx, input)
  }

  describeManagedJobTemplate(
    input: Iot.DescribeManagedJobTemplateRequest,
  ): Outcome<Iot.DescribeManagedJobTemplateResponse> {
    return describeManagedJobTemplate(this.#ctx, input)
  }

  listManagedJobTemplates(
    input: Iot.ListManagedJobTemplatesRequest,
  ): Outcome<Iot.ListManagedJobTemplatesResponse> {
    return listManagedJobTemplates(this.#ctx, input)
  }

  #runOneByOne(nowMs: number, budget: number): void {
    for (let left = budget, done = 1; left > 0 && done > 0; left -= done) {
      const due = this.#ctx.state.firstDue(nowMs)
      if (due === undefined) return
      try {
        done = this.#wholly((ctx) => runFirstDue(ctx, nowMs))
      } catch (cause) {
        const failed = this.#setAside.add(due.work, cause, nowMs)
        this.#ctx.putDue(due.work, failed.retryAtMs)
        this.#ports.workFailed?.(failed)
      }
    }
  }

  /** Runs with all of its writes and messages, or none of them when it throws. */
  #wholly<T>(run: (ctx: JobsContext) => T): T {
    const { state } = this.#ctx
    const [done, told] = this.#collect((ctx) =>
      state.wholly === undefined ? run(ctx) : state.wholly(() => run(ctx)),
    )
    this.#tell(told)
    return done
  }

  /** Answers a device over HTTPS: who watches hears of the request before what it brought about. */
  #asked<T>(
    operation: string,
    { thingName = '', jobId }: AskedOverHttps,
    run: (ctx: JobsContext) => Outcome<T>,
  ): Outcome<T> {
    const [outcome, told] = this.#collect(run)
    this.#ctx.witness?.({
      kind: 'request',
      thingName,
      operation,
      protocol: 'https',
      jobId: jobId === NEXT ? undefined : jobId,
      code: outcome.ok ? undefined : outcome.error.code,
    })
    this.#tell(told)
    return outcome
  }

  #tell({ happenings, installed, messages }: Collected): void {
    this.#tellHappenings(happenings)
    for (const message of messages) this.#ctx.publish(message)
    for (const packages of installed) this.#ctx.installed?.(packages)
  }

  #tellHappenings(happenings: readonly ThingHappening[]): void {
    const { witness } = this.#ctx
    if (witness === undefined) return
    // A request is known by its answer, and comes before what it brought about all the same.
    const last = happenings.at(-1)
    if (last?.kind === 'request') witness(last)
    for (const happening of happenings)
      if (happening !== last || last.kind !== 'request') witness(happening)
  }

  /** Runs with a context whose messages and happenings are kept back, in order. */
  #collect<T>(run: (ctx: JobsContext) => T): [T, Collected] {
    const told: Collected = { messages: [], happenings: [], installed: [] }
    const outer = this.#told
    this.#told = told
    try {
      return [run(this.#keeping), told]
    } finally {
      this.#told = outer
    }
  }
}

/** What a run would have told. */
interface Collected {
  readonly messages: JobsMessage[]
  readonly happenings: ThingHappening[]
  readonly installed: InstalledPackages[]
}

/** What requests over HTTPS have in common. */
interface AskedOverHttps {
  readonly thingName?: string | undefined
  readonly jobId?: string | undefined
}

function runSlice(ctx: JobsContext, nowMs: number, budget: number): void {
  for (let left = budget, done = 1; left > 0 && done > 0; left -= done) {
    done = runFirstDue(ctx, nowMs)
  }
}
