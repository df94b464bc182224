/**
 * One connection's questions as actions on resources (authz D1 to D4, G14, X14), with denials
 * logged.
 */
import { iotArn, type Account } from '@muster/model'
import type { Decider, Decision, Explanation, TopicAction } from '@muster/policy'

import type { ConnectionAuthorizer, DecidedVerdict } from './authorizer.ts'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { DecidedPrincipal } from '../decisions/decided-principal.ts'
import { denialOf } from './policy-denial.ts'

/** Decides, and tells why. Immutable: what it captured stays explainable. */
export interface Judge extends Decider {
  explain(action: string, resource: string): Explanation
}

/** Where a connection's judge comes from: the same until a fact behind it changes. */
export interface JudgeSource {
  judge(): Judge
  /** Whether a judge always answers a question alike; not so where the time of day counts. */
  readonly constant?: boolean
  /** A judge as it is at this moment, for what it decided to be explained later; absent: always alike. */
  judgeOfNow?(judge: Judge): Judge
  /** The thing that the connection stands for, if any; asked only for denials. */
  thingName?(): string | undefined
  /** The connection closed. */
  release(): void
}

/** What {@link ConnectionDecisions} is made of. */
export interface ConnectionDecisionsPorts {
  readonly account: Account
  readonly decisions: DecisionLog
  /** Asked only for denials; undefined: nobody knows any more. */
  readonly principal: () => DecidedPrincipal | undefined
  /** Certificate id, or access key. */
  readonly principalId: string
  readonly connection: {
    readonly clientId: string | undefined
    readonly protocol: 'mqtt' | 'https'
    readonly sourceIp: string
  }
  readonly source: JudgeSource
  /** Told of what was allowed, while that is recorded; resources without the start of the ARN. */
  readonly recorded?: { isOn(): boolean; note(action: string, resource: string): void } | undefined
}

const allowed: DecidedVerdict = { allowed: true, decision: 'allow' }

/** What a judge allowed: a topic, or a resource. */
interface Allowed {
  readonly judge: Judge
  readonly topic: string
}

/** undefined for what must be asked again at another time. */
function lasting({ constant }: JudgeSource, judge: Judge, topic: string): Allowed | undefined {
  return constant === true ? { judge, topic } : undefined
}

/** A change of any fact brings another judge, so an answer never outlives what it rests on. */
function isAllowed(known: Allowed | undefined, judge: Judge, topic: string): boolean {
  return known !== undefined && known.judge === judge && known.topic === topic
}

/** The {@link ConnectionAuthorizer} of a device or of an operator's WebSocket. */
export class ConnectionDecisions implements ConnectionAuthorizer {
  readonly #ports: ConnectionDecisionsPorts
  /** Devices publish to and hear from the same topic again and again: the last ones allowed. */
  #published: Allowed | undefined
  #received: Allowed | undefined
  /** Over HTTPS they make the same call again and again. */
  #called: (Allowed & { readonly action: string }) | undefined

  constructor(ports: ConnectionDecisionsPorts) {
    this.#ports = ports
  }

  connect(): DecidedVerdict {
    const { account, connection } = this.#ports
    return this.decide('iot:Connect', iotArn(account, 'client', connection.clientId ?? ''))
  }

  publish(topic: string): DecidedVerdict {
    const { decisions, source } = this.#ports
    const judge = source.judge()
    if (isAllowed(this.#published, judge, topic)) {
      decisions.allowed.publish.total++
      this.#record('iot:Publish', topic, 'topic')
      return allowed
    }
    const verdict = this.#topic('iot:Publish', topic, judge)
    if (verdict.allowed) this.#published = lasting(source, judge, topic)
    return verdict
  }

  retainPublish(topic: string): DecidedVerdict {
    return this.#topic('iot:RetainPublish', topic)
  }

  subscribe(filter: string): DecidedVerdict {
    return this.#topic('iot:Subscribe', filter)
  }

  receive(topic: string, shareFilter?: string): boolean {
    const { decisions, source } = this.#ports
    const judge = source.judge()
    const isKnown = shareFilter === undefined && isAllowed(this.#received, judge, topic)
    const may = isKnown || this.#mayReceive(source, judge, topic, shareFilter)
    if (may) {
      decisions.allowed.receive.total++
      this.#record('iot:Receive', topic, 'topic')
    }
    return may
  }

  #mayReceive(
    source: JudgeSource,
    judge: Judge,
    topic: string,
    shareFilter: string | undefined,
  ): boolean {
    const decision = judge.decideTopic('iot:Receive', topic)
    if (shareFilter === undefined) {
      if (decision === 'allow') this.#received = lasting(source, judge, topic)
      return decision === 'allow' || this.#denied(judge, 'iot:Receive', topic, decision).allowed
    }
    const shared = judge.decideTopic('iot:Receive', shareFilter)
    if (decision === 'explicitDeny' || shared === 'explicitDeny') {
      const denied = decision === 'explicitDeny' ? topic : shareFilter
      return this.#denied(judge, 'iot:Receive', denied, 'explicitDeny').allowed
    }
    if (decision === 'allow' || shared === 'allow') return true
    return this.#denied(judge, 'iot:Receive', topic, 'implicitDeny').allowed
  }

  decide(action: string, resourceArn: string): DecidedVerdict {
    const { source } = this.#ports
    const judge = source.judge()
    const isKnown = this.#called?.action === action && isAllowed(this.#called, judge, resourceArn)
    const decision = isKnown ? 'allow' : judge.decide(action, resourceArn)
    if (decision !== 'allow') return this.#log(judge, action, resourceArn, decision)
    if (!isKnown) {
      const known = lasting(source, judge, resourceArn)
      this.#called = known && { ...known, action }
    }
    this.#record(action, resourceArn)
    return this.#allowed(action)
  }

  release(): void {
    this.#ports.source.release()
  }

  #topic(
    action: TopicAction,
    topic: string,
    judge: Judge = this.#ports.source.judge(),
  ): DecidedVerdict {
    const decision = judge.decideTopic(action, topic)
    if (decision === 'allow') {
      this.#record(action, topic, action === 'iot:Subscribe' ? 'topicfilter' : 'topic')
    }
    return decision === 'allow'
      ? this.#allowed(action)
      : this.#denied(judge, action, topic, decision)
  }

  /**
   * @param resource - with or without the start of its ARN, or the name of a resource of a type
   * @param type - of the resource that is named
   */
  #record(action: string, resource: string, type?: string): void {
    const { recorded } = this.#ports
    if (recorded?.isOn() !== true) return
    if (type !== undefined) recorded.note(action, `${type}/${resource}`)
    else if (!resource.startsWith('arn:')) recorded.note(action, resource)
    else recorded.note(action, resource.split(':').slice(5).join(':'))
  }

  #allowed(action: string): DecidedVerdict {
    this.#ports.decisions.allowed.of(action).total++
    return allowed
  }

  #denied(
    judge: Judge,
    action: TopicAction,
    topic: string,
    decision: Exclude<Decision, 'allow'>,
  ): DecidedVerdict {
    const type = action === 'iot:Subscribe' ? 'topicfilter' : 'topic'
    return this.#log(judge, action, iotArn(this.#ports.account, type, topic), decision)
  }

  #log(
    judge: Judge,
    action: string,
    resource: string,
    decision: Exclude<Decision, 'allow'>,
  ): DecidedVerdict {
    const { account, principal, principalId, connection, decisions, source } = this.#ports
    const { clientId, protocol, sourceIp } = connection
    const who = { ...principal(), principalId, clientId, protocol, sourceIp }
    const thingName = source.thingName?.()
    const then = source.judgeOfNow?.(judge) ?? judge
    const decisionId = decisions.record(
      denialOf(account, { ...who, thingName, effect: decision, action, resource }),
      () => then.explain(action, resource),
    )
    return { allowed: false, decision, decisionId }
  }
}
