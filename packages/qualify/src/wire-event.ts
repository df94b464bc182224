/**
 * What is seen between an agent and the service, whatever the agent speaks: the one thing that it is
 * judged by.
 */

/** Jobs requests of a device, by their MQTT words. */
export type JobsRequest = 'get' | 'start-next' | 'describe' | 'update'

/** A payload or body that is a JSON object; undefined members are not there. */
export type Body = Readonly<Record<string, unknown>>

/** How the agent speaks. */
export type AgentProtocol = 'mqtt-3.1.1' | 'mqtt-5' | 'https'

/** One thing that happened; the order of a trace is the order on the wire. */
export type WireEvent = { readonly atMs: number } & Happening

/** A {@link WireEvent} before it is given its time. */
export type Happening =
  | AgentProcess
  | Connecting
  | Connected
  | Closed
  | { readonly kind: 'subscribed'; readonly filters: readonly string[] }
  | Requested
  | Answered
  | Noticed
  | Fetched
  | Act

/** The agent's process; `ended` on its own, `killed` by the case. */
export interface AgentProcess {
  readonly kind: 'agent'
  readonly what: 'started' | 'ended' | 'killed'
  /** Exit status or signal. */
  readonly how?: string
}

/** A CONNECT, or the first request of an HTTPS connection. */
export interface Connecting {
  readonly kind: 'connecting'
  readonly protocol: AgentProtocol
  readonly clientId?: string
  readonly cleanSession?: boolean
}

/** A CONNACK. */
export interface Connected {
  readonly kind: 'connected'
  readonly accepted: boolean
  readonly sessionPresent: boolean
}

/** A connection's end. */
export interface Closed {
  readonly kind: 'closed'
  readonly by: 'agent' | 'service'
}

/** A Jobs request of the agent. */
export interface Requested {
  readonly kind: 'request'
  /** Counts from 1; its answer names it. */
  readonly id: number
  readonly request: JobsRequest
  readonly thingName: string
  /** Of `describe` and `update`; `$next` is a job ID here. */
  readonly jobId?: string
  readonly body: Body
  /** It never reached the service. */
  readonly lost: boolean
}

/** What the service answered. */
export interface Answered {
  readonly kind: 'answer'
  readonly to: number
  readonly request: JobsRequest
  readonly jobId?: string
  readonly accepted: boolean
  /** Of a refusal, in MQTT's words: `InvalidStateTransition`. */
  readonly code?: string
  readonly body: Body
  /** It never reached the agent. */
  readonly lost: boolean
}

/** A `notify` or `notify-next`. */
export interface Noticed {
  readonly kind: 'notice'
  readonly topic: 'notify' | 'notify-next'
  /** Of the execution that `notify-next` names. */
  readonly jobId?: string
  readonly executionNumber?: number
  readonly lost: boolean
  /** Made up or repeated by the case. */
  readonly forged: boolean
}

/** A file of a job that the agent asked for. */
export interface Fetched {
  readonly kind: 'fetched'
  readonly jobId: string
  readonly status: number
  /** First byte asked for; 0 begins anew. */
  readonly from: number
}

/** Something that the case did. */
export interface Act {
  readonly kind: 'act'
  readonly what: string
  readonly jobId?: string
}
