/**
 * Whether a rehearsal and a real server come to the same: the requests of the imagined devices are made
 * again over mutual TLS, at the same moments of a virtual clock, and every answer and every execution is
 * compared.
 */
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteJobCommand,
  DescribeJobCommand,
  paginateListJobExecutionsForJob,
} from '@aws-sdk/client-iot'
import { createDevice, OPEN_POLICY, type TestDevice, type TestServer } from '@muster/server/testkit'
import type { JobExecution } from '@muster/jobs'
import { Client } from 'undici'
import {
  CompactState,
  countedNames,
  DeviceModels,
  rehearsedJob,
  rehearseOnce,
  type DeviceAnswer,
  type DeviceRequest,
  type RehearsedRollout,
  type ThingNames,
} from '../../src/index.ts'
import { MIXED_FLEET, type AgreedJob } from './ten-jobs.ts'

/** What was compared, and what differed. */
export interface Agreement {
  readonly name: string
  readonly executions: number
  readonly requests: number
  readonly rollout: RehearsedRollout
  /** A sentence for each; the first fifty. */
  readonly differences: readonly string[]
}

const GROUP = 'everybody'
const DIFFERENCES_MAX = 50

/** A server with a fleet, for one job after the other. */
export class AgreementStage {
  readonly #server: TestServer
  readonly #names: ThingNames
  readonly #devicesLink: Client
  #nowMs = 0

  private constructor(server: TestServer, names: ThingNames, device: TestDevice) {
    this.#server = server
    this.#names = names
    this.#devicesLink = new Client(`https://localhost:${server.httpsPort}`, {
      connect: { ca: server.caPem, cert: device.certificatePem, key: device.privateKeyPem },
    })
  }

  /** Registers the things, all in one group. */
  static async open(server: TestServer, devices: number): Promise<AgreementStage> {
    const names = countedNames(devices)
    const { iot } = server
    const device = await createDevice(iot, 'everyones-door', { policyDocument: OPEN_POLICY })
    await iot.send(new CreateThingGroupCommand({ thingGroupName: GROUP }))
    for (let place = 0; place < devices; place += 1) {
      const thingName = names.nameOf(place)
      await iot.send(new CreateThingCommand({ thingName }))
      await iot.send(new AddThingToThingGroupCommand({ thingGroupName: GROUP, thingName }))
    }
    return new AgreementStage(server, names, device)
  }

  async close(): Promise<void> {
    await this.#devicesLink.close()
  }

  /** Rehearses the job and carries it out on the server. */
  async compare(agreed: AgreedJob, seed: number): Promise<Agreement> {
    const reply = await this.#server.admin('GET', 'clock')
    const startMs = ((await reply.json()) as { nowMs: number }).nowMs
    this.#nowMs = startMs
    const job = { ...agreed.job(startMs, this.#names.count), jobId: 'agreed' }
    const endMs = startMs + agreed.lookSeconds * 1000
    const log: { request: DeviceRequest; answer: DeviceAnswer }[] = []
    const state = new CompactState(job.jobId, this.#names)
    const outcome = rehearseOnce({
      job,
      names: this.#names,
      models: new DeviceModels(
        { ...MIXED_FLEET, devices: this.#names.count },
        agreed.bad ?? [],
        seed,
        startMs,
      ),
      startMs,
      endMs,
      state,
      asked: (request, answer) => void log.push({ request, answer }),
    })
    if (!outcome.ok) throw new Error(`${agreed.name}: ${outcome.error.message}`)
    const differences: string[] = []
    const expect = (what: string, rehearsed: unknown, served: unknown): void => {
      const [one, other] = [JSON.stringify(rehearsed), JSON.stringify(served)]
      if (one === other || differences.length >= DIFFERENCES_MAX) return
      differences.push(`${what}: rehearsed ${one}, served ${other}`)
    }
    await this.#server.iot.send(new CreateJobCommand(rehearsedJob(job)))
    for (const { answer, request } of log) {
      await this.#advanceTo(request.atMs)
      const after = `${request.thingName} at ${request.atMs - startMs} ms, ${request.ask}`
      expect(after, shownAnswer(answer), await this.#ask(job.jobId, request))
    }
    await this.#advanceTo(endMs)
    const rehearsed = rehearsedExecutions(state, job.jobId)
    const served = await this.#servedExecutions(job.jobId)
    expect('executions', rehearsed.size, served.size)
    for (const [key, execution] of rehearsed) expect(key, execution, served.get(key))
    const described = await this.#server.iot.send(new DescribeJobCommand({ jobId: job.jobId }))
    const { comment, completedAt, status } = described.job ?? {}
    const { completedAtMs, ...progress } = { ...state.job(job.jobId)?.progress }
    expect('status', progress.status, status)
    expect('comment', progress.comment, comment)
    expect(
      'completed at',
      completedAtMs && seconds(completedAtMs),
      completedAt && seconds(completedAt),
    )
    await this.#server.iot.send(new DeleteJobCommand({ jobId: job.jobId, force: true }))
    await this.#server.advance(0)
    const { name } = agreed
    return {
      name,
      executions: rehearsed.size,
      requests: log.length,
      rollout: outcome.value,
      differences,
    }
  }

  async #advanceTo(atMs: number): Promise<void> {
    // Also where the clock is there already: what is due now is done then.
    await this.#server.advance((atMs - this.#nowMs) / 1000)
    this.#nowMs = atMs
  }

  async #ask(jobId: string, request: DeviceRequest): Promise<object> {
    const { thingName } = request
    const [method, path, body] =
      request.ask === 'startNext'
        ? (['PUT', '$next', {}] as const)
        : ([
            'POST',
            jobId,
            { status: request.status, executionNumber: request.executionNumber },
          ] as const)
    const answer = await this.#devicesLink.request({
      method,
      path: `/things/${thingName}/jobs/${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.body.text()
    const { execution } = (text === '' ? {} : JSON.parse(text)) as Pick<DeviceAnswer, 'execution'>
    const header = String(answer.headers['x-amzn-errortype'] ?? '').split(':')[0]
    const refusedWith = answer.statusCode === 200 ? undefined : header
    return shownAnswer({ refusedWith, execution })
  }

  async #servedExecutions(jobId: string): Promise<ReadonlyMap<string, object>> {
    const found = new Map<string, object>()
    const pages = paginateListJobExecutionsForJob({ client: this.#server.iot }, { jobId })
    for await (const { executionSummaries = [] } of pages) {
      for (const { jobExecutionSummary = {}, thingArn = '' } of executionSummaries) {
        const { executionNumber, lastUpdatedAt, queuedAt, retryAttempt, startedAt, status } =
          jobExecutionSummary
        found.set(`${thingArn.split('/')[1]} ${executionNumber}`, {
          status,
          retryAttempt,
          queuedAt: queuedAt && seconds(queuedAt),
          startedAt: startedAt && seconds(startedAt),
          lastUpdatedAt: lastUpdatedAt && seconds(lastUpdatedAt),
        })
      }
    }
    return found
  }
}

function shownAnswer({ execution, refusedWith }: DeviceAnswer): object {
  const { executionNumber, versionNumber } = execution ?? {}
  return { refusedWith, executionNumber, versionNumber }
}

function rehearsedExecutions(state: CompactState, jobId: string): ReadonlyMap<string, object> {
  const found = new Map<string, object>()
  let after: { thingName: string; executionNumber: number } | undefined
  for (;;) {
    const page = state.executionsOfJob(jobId, undefined, after, 1000)
    for (const execution of page.executions) {
      found.set(`${execution.thingName} ${execution.executionNumber}`, summaryOf(execution))
    }
    if (page.next === undefined) return found
    after = page.next
  }
}

function summaryOf(execution: JobExecution): object {
  const { lastUpdatedAtMs, queuedAtMs, retryAttempt, startedAtMs, status } = execution
  return {
    status,
    retryAttempt,
    queuedAt: seconds(queuedAtMs),
    startedAt: startedAtMs && seconds(startedAtMs),
    lastUpdatedAt: seconds(lastUpdatedAtMs),
  }
}

/** The control plane tells seconds. */
function seconds(at: Date | number): number {
  return Math.floor(Number(at) / 1000)
}
