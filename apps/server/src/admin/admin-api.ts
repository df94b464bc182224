/**
 * The admin API: what AWS's protocols cannot carry (design decision 1). Everything under
 * `/_muster/` on the HTTP listener, which checks Host, Origin and the admin token before.
 */
import type { Clock } from '@muster/clock'
import type { AuditedDocument } from '@muster/policy'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { RequestRecord } from '../decisions/request-record.ts'
import type { ToldProgress } from '../jobs/job-progress.ts'
import { TIMELINE_ENTRIES_MAX } from '../timeline/thing-timelines.ts'
import type { ToldTimeline } from '../timeline/timeline-entry.ts'
import type { GatewayView } from '../gateways/gateway-hub.ts'
import type { Trouble } from '../health.ts'
import type { ServerPorts } from '../options.ts'
import { readDecisionsQuery } from './decisions-query.ts'

/** What the admin API answers. */
export interface AdminReply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** A request below `/_muster/`; `path` starts after that prefix: `decisions/17`. */
export interface AdminRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

/** Answers what is below one name of the admin API: `path` is what comes after it, `/start`. */
export type AdminExtension = (request: AdminRequest) => Promise<AdminReply>

/** Names that a process may mount something under, and what is said where none did. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['simulator', 'no simulator in this process: `muster start` runs a fleet that can be steered'],
])

/** What the admin API reads and moves. */
export interface AdminPorts {
  readonly clock: Clock
  readonly decisions: Pick<DecisionLog, 'page' | 'explain'>
  /** What devices were allowed, while that is recorded. */
  readonly record: RequestRecord
  /** Findings in the roles of identity pools (authz L10). */
  auditPoolRoles(): readonly AuditedDocument[]
  /** How a job's counters moved; undefined for a job that is not there. */
  jobProgress(jobId: string): ToldProgress | undefined
  /** What the process mounted under a name. */
  extension(name: string): AdminExtension | undefined
  /** What happened to a thing; undefined for one that nobody knows. */
  timeline(thingName: string, limit: number): Promise<ToldTimeline | undefined>
  /** What is set aside because it failed. */
  troubles(): readonly Trouble[]
  /** Where the server listens: who knows one port asks for the others. */
  listening(): ServerPorts
  /** Processes that end TLS for the server; empty where it does so itself. */
  gateways(): readonly GatewayView[]
  caPem(): string
  /** Moves a virtual clock, running due work in order; resolves when it is committed and sent. */
  advance(seconds: number): Promise<void>
  /** Empties the account (design decision 9). */
  reset(): Promise<void>
  /** Prometheus text. */
  metrics(): Promise<string>
}

/** Refusals that an answer lists where the caller says nothing. */
const decisionsDefault = 100
/** Longest a virtual clock moves at once: ten years. */
const ADVANCE_SECONDS_MAX = 315_576_000

/** Answers one admin request; an unknown path gets 404, a wrong verb 405. */
export async function answerAdmin(ports: AdminPorts, request: AdminRequest): Promise<AdminReply> {
  const { method, path } = request
  const decisionId = /^decisions\/([^/]+)$/.exec(path)?.[1]
  if (decisionId !== undefined) return allow(method, 'GET') ?? explainDecision(ports, decisionId)
  const progressOf = /^jobs\/([^/]+)\/progress$/.exec(path)?.[1]
  if (progressOf !== undefined) return allow(method, 'GET') ?? jobProgress(ports, progressOf)
  const timelineOf = /^things\/([^/]+)\/timeline$/.exec(path)?.[1]
  if (timelineOf !== undefined) {
    return allow(method, 'GET') ?? thingTimeline(ports, timelineOf, request.query)
  }
  switch (path) {
    case 'health':
      return allow(method, 'GET') ?? json(200, healthReading(ports))
    case 'ca.pem':
      return (
        allow(method, 'GET') ?? {
          status: 200,
          contentType: 'application/x-pem-file',
          body: ports.caPem(),
        }
      )
    case 'clock':
      if (method === 'POST') return advanceClock(ports, request.body)
      return allow(method, 'GET', 'POST') ?? json(200, clockReading(ports.clock))
    case 'reset':
      return allow(method, 'POST') ?? reset(ports)
    case 'decisions':
      return allow(method, 'GET') ?? listDecisions(ports, request.query)
    case 'recording':
      if (method === 'POST') return switchRecording(ports, request.body)
      return allow(method, 'GET', 'POST') ?? json(200, recordingReading(ports, true))
    case 'pool-roles/audit':
      return allow(method, 'GET') ?? json(200, { documents: ports.auditPoolRoles() })
    case 'metrics':
      return (
        allow(method, 'GET') ?? {
          status: 200,
          contentType: 'text/plain; version=0.0.4; charset=utf-8',
          body: await ports.metrics(),
        }
      )
    default:
      return (
        (await extended(ports, request)) ??
        json(404, { message: `no admin resource \`/_muster/${path}\`` })
      )
  }
}

/** @returns undefined where the path is below no name that can be mounted */
async function extended(ports: AdminPorts, request: AdminRequest): Promise<AdminReply | undefined> {
  const [name = ''] = request.path.split('/')
  const absent = EXTENSIONS.get(name)
  if (absent === undefined) return undefined
  const path = request.path.slice(name.length)
  return (await ports.extension(name)?.({ ...request, path })) ?? json(404, { message: absent })
}

/** The status stays 200 while the server serves: restarting it for one bad part helps nobody. */
function healthReading({ clock, gateways, listening, troubles }: AdminPorts): object {
  const setAside = troubles()
  const status = setAside.length === 0 ? 'ok' : 'degraded'
  const parts = setAside.length > 0 && { setAside }
  const all = gateways()
  const edge = all.length > 0 && { gateways: all }
  return { status, ...parts, ...clockReading(clock), ports: listening(), ...edge }
}

function clockReading(clock: Clock): { nowMs: number; mode: string; rate: number } {
  return { nowMs: clock.nowMs(), mode: clock.mode, rate: clock.rate }
}

async function reset(ports: AdminPorts): Promise<AdminReply> {
  await ports.reset()
  return json(200, clockReading(ports.clock))
}

function recordingReading({ record }: AdminPorts, withLines: boolean): object {
  const { on, dropped } = record
  return { on, dropped, ...(withLines ? { lines: record.lines() } : {}) }
}

/** A recording that is switched on starts anew. */
function switchRecording(ports: AdminPorts, body: string): AdminReply {
  let on: unknown
  try {
    on = (JSON.parse(body) as { on?: unknown } | null)?.on
  } catch {
    on = undefined
  }
  if (typeof on !== 'boolean') return badRequest('expected {"on":true} or {"on":false}')
  if (on) ports.record.clear()
  ports.record.on = on
  return json(200, recordingReading(ports, false))
}

async function advanceClock(ports: AdminPorts, body: string): Promise<AdminReply> {
  if (ports.clock.mode !== 'virtual') {
    return json(409, {
      message: `the clock is \`${ports.clock.mode}\`: start with --clock virtual`,
    })
  }
  const seconds = advanceSeconds(body)
  if (seconds === undefined) {
    return json(400, {
      message: `expected {"advanceSeconds":n} with n from 0 to ${ADVANCE_SECONDS_MAX}`,
    })
  }
  await ports.advance(seconds)
  return json(200, clockReading(ports.clock))
}

function advanceSeconds(body: string): number | undefined {
  try {
    const { advanceSeconds } = JSON.parse(body) as { advanceSeconds?: unknown }
    return typeof advanceSeconds === 'number' &&
      advanceSeconds >= 0 &&
      advanceSeconds <= ADVANCE_SECONDS_MAX
      ? advanceSeconds
      : undefined
  } catch {
    return undefined
  }
}

async function listDecisions(ports: AdminPorts, query: URLSearchParams): Promise<AdminReply> {
  const asked = readDecisionsQuery(query)
  if (typeof asked === 'string') return badRequest(asked)
  const { filter, limit = decisionsDefault, nextToken, allowed } = asked
  if (allowed) return json(200, { decisions: [] })
  const page = await ports.decisions.page(filter, limit, nextToken)
  return page === undefined
    ? badRequest('expected nextToken as an earlier answer gave it')
    : json(200, page)
}

/** 400 with what was expected. */
export function badRequest(message: string): AdminReply {
  return json(400, { message })
}

function explainDecision(ports: AdminPorts, id: string): AdminReply {
  const explanation = ports.decisions.explain(id)
  return explanation === undefined
    ? json(404, { message: `no decision \`${id}\`: the log keeps only the newest` })
    : json(200, explanation)
}

function jobProgress(ports: AdminPorts, encodedId: string): AdminReply {
  const jobId = decoded(encodedId)
  const progress = jobId === undefined ? undefined : ports.jobProgress(jobId)
  return progress === undefined
    ? json(404, { message: `no job \`${jobId ?? encodedId}\`` })
    : json(200, progress)
}

async function thingTimeline(
  ports: AdminPorts,
  encodedName: string,
  query: URLSearchParams,
): Promise<AdminReply> {
  const limit = Number(query.get('limit') ?? TIMELINE_ENTRIES_MAX)
  if (!Number.isInteger(limit) || limit < 1 || limit > TIMELINE_ENTRIES_MAX) {
    return badRequest(`expected limit from 1 to ${TIMELINE_ENTRIES_MAX}`)
  }
  const thingName = decoded(encodedName)
  const timeline = thingName === undefined ? undefined : await ports.timeline(thingName, limit)
  return timeline === undefined
    ? json(404, { message: `no thing \`${thingName ?? encodedName}\`` })
    : json(200, timeline)
}

/** @returns undefined for a name that is not percent-encoded as it should be */
function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name)
  } catch {
    return undefined
  }
}

function allow(method: string, ...methods: readonly string[]): AdminReply | undefined {
  return methods.includes(method)
    ? undefined
    : json(405, { message: `expected ${methods.join(' or ')}, not ${method}` })
}

function json(status: number, body: object): AdminReply {
  return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` }
}
