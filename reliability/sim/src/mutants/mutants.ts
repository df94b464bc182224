/**
 * Faults to plant in the server: each must be found by the simulation. A text that stands once in a file
 * is replaced as the file is loaded; nothing is written.
 */

/** One planted fault. */
export interface Mutant {
  /** What is wrong then. */
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

const rollout = 'packages/jobs/src/rollout.ts'
const transitions = 'packages/jobs/src/transitions.ts'
const dataPlane = 'packages/jobs/src/data-plane.ts'
const membership = 'packages/jobs/src/membership.ts'
const pending = 'packages/jobs/src/pending.ts'
const delivery = 'packages/broker/src/delivery.ts'
const authorization = 'apps/server/src/authorization/device-authorization.ts'
const decisions = 'apps/server/src/authorization/connection-decisions.ts'

/** Store and commits. */
const kept: readonly Mutant[] = [
  {
    name: 'a lost commit',
    file: 'packages/store/src/write-batch.ts',
    find: "this.#database.exec('COMMIT')",
    replace: "this.#database.exec('ROLLBACK')",
  },
  {
    name: 'a commit that stays open',
    file: 'packages/store/src/write-batch.ts',
    find: "this.#database.exec('COMMIT')",
    replace: '',
  },
  {
    name: 'progress of jobs is not written',
    file: 'packages/store/src/sqlite-store.ts',
    find: '      this.#jobs.flush()\n',
    replace: '',
  },
  {
    name: 'an update of an execution is kept in memory only',
    file: 'packages/store/src/sqlite-executions.ts',
    find: '    this.write(this.#update, changedValues(execution))\n',
    replace: '',
  },
  {
    name: 'packets leave before the commit',
    file: 'apps/server/src/listeners/mqtt-outbox.ts',
    find: 'return this.#turn.durable',
    replace: 'return true',
  },
  {
    name: 'operations are answered before the commit',
    file: 'apps/server/src/operations/dispatch.ts',
    find: 'await ports.turn.committed()',
    replace: 'await Promise.resolve()',
  },
  {
    name: 'a failed commit is answered as if it had worked',
    file: 'apps/server/src/turn.ts',
    find: 'waiter.reject(cause)',
    replace: 'waiter.resolve()',
  },
  {
    name: 'waiting messages are kept in memory only',
    file: delivery,
    find: 'if (!terms.direct && session.persistent) recordDelivery(core, session, delivery)',
    replace: '',
  },
  {
    name: 'subscriptions are kept in memory only',
    file: 'packages/broker/src/handle-subscribe.ts',
    find: 'if (granted.length > 0 && session.persistent) recordSession(core, session)',
    replace: '',
  },
  {
    name: 'sessions are kept when they are left only',
    file: 'packages/broker/src/handle-connect.ts',
    find: 'if (session.persistent) recordSession(core, session)\n  else',
    replace: 'if (session.persistent) {}\n  else',
  },
  {
    name: 'wall time of before is not kept over a restart',
    file: 'apps/server/src/clock-record.ts',
    find: 'records.put(...WALL_RECORD, String(nowMs))',
    replace: '',
  },
]

/** Rollout, abort, retry, timers. */
const engine: readonly Mutant[] = [
  {
    name: 'off by one in the rate',
    file: rollout,
    find: 'rollout.ratePerMinute - rollout.createdInMinute)',
    replace: 'rollout.ratePerMinute - rollout.createdInMinute + 1)',
  },
  {
    name: 'the first minute counts for nothing',
    file: rollout,
    find: '    rollout.createdInMinute += 1\n',
    replace: '',
  },
  {
    name: 'the rate rises one thing too early',
    file: 'packages/jobs/src/rollout-rate.ts',
    find: 'Math.floor(notified / numberOfNotifiedThings)',
    replace: 'Math.floor((notified + 1) / numberOfNotifiedThings)',
  },
  {
    name: 'the rate never rises by succeeded things',
    file: 'packages/jobs/src/rollout-rate.ts',
    find: 'Math.floor(succeeded / numberOfSucceededThings)',
    replace: '0',
  },
  {
    name: 'an update of the rate waits for the next minute',
    file: 'packages/jobs/src/change-job.ts',
    find: "if (changed.progress.rollout.phase === 'rolling') setRate(ctx, changed)",
    replace: '',
  },
  {
    name: 'one retry too many',
    file: 'packages/jobs/src/retry.ts',
    find: '(ended.retryAttempt < numberOfRetries ||',
    replace: '(ended.retryAttempt <= numberOfRetries ||',
  },
  {
    name: 'a thing that left is tried again',
    file: 'packages/jobs/src/retry.ts',
    find: 'if (ended.uncovered === true) return false',
    replace: '',
  },
  {
    name: 'a threshold that is just met does not abort',
    file: 'packages/jobs/src/abort.ts',
    find: '100 * matching < thresholdPercentage * completed',
    replace: '100 * matching <= thresholdPercentage * completed',
  },
  {
    name: 'an abort waits for one thing more',
    file: 'packages/jobs/src/abort.ts',
    find: 'completed < minNumberOfExecutedThings',
    replace: 'completed <= minNumberOfExecutedThings',
  },
  {
    name: 'an aborted job leaves its queue',
    file: transitions,
    find: '  ctx.putDue(cancelWork(config.jobId), nowMs)\n',
    replace: '',
  },
  {
    name: 'cancel takes running executions without force',
    file: 'packages/jobs/src/cancel-job.ts',
    find: 'sweep.force ? UNFINISHED : QUEUED',
    replace: 'UNFINISHED',
  },
  {
    name: 'the later timer counts',
    file: 'packages/jobs/src/job-execution.ts',
    find: 'Math.min(inProgressUntilMs, stepUntilMs)',
    replace: 'Math.max(inProgressUntilMs, stepUntilMs)',
  },
  {
    name: 'timers are not set',
    file: transitions,
    find: '  else ctx.putDue(timeoutWork(after), afterMs)\n',
    replace: '',
  },
  {
    name: 'a job completes while things run',
    file: 'packages/jobs/src/job-end.ts',
    find: 'progress.things.QUEUED > 0 || progress.things.IN_PROGRESS > 0',
    replace: 'progress.things.QUEUED > 0',
  },
  {
    name: 'a deleted execution stays in the counters',
    file: transitions,
    find: '  job.progress.things[execution.status] -= 1\n',
    replace: '',
  },
]

/** What devices ask and are told. */
const dataPlaneMutants: readonly Mutant[] = [
  {
    name: 'a version that does not rise at the end',
    file: transitions,
    find: 'versionNumber: execution.versionNumber + (keepsVersion ? 0 : 1)',
    replace: 'versionNumber: execution.versionNumber',
  },
  {
    name: 'a version that rises when a thing leaves',
    file: transitions,
    find: '(keepsVersion ? 0 : 1)',
    replace: '1',
  },
  {
    name: 'start-next starts what runs again',
    file: dataPlane,
    find: "head.status === 'QUEUED' ? runExecution(ctx, job, head, running.value, head, nowMs) : head",
    replace: 'runExecution(ctx, job, head, running.value, head, nowMs)',
  },
  {
    name: 'terminal is not terminal',
    file: dataPlane,
    find: 'if (isTerminal(before.status)) {',
    replace: 'if (isTerminal(before.status) && before.status !== status) {',
  },
  {
    name: 'an older expected version passes',
    file: dataPlane,
    find: 'expectedVersion !== undefined && expectedVersion !== before.versionNumber',
    replace: 'expectedVersion !== undefined && expectedVersion > before.versionNumber',
  },
  {
    name: 'QUEUED comes before IN_PROGRESS',
    file: 'packages/jobs/src/job-execution.ts',
    find: "left.status === 'IN_PROGRESS' ? -1 : 1",
    replace: "left.status === 'IN_PROGRESS' ? 1 : -1",
  },
  {
    name: 'a start that overtakes is not announced',
    file: pending,
    find: '  announceNext(ctx, started, started, nowMs)\n',
    replace: '',
  },
  {
    name: 'notify-next comes with every change',
    file: pending,
    find: 'if (!isSameExecution(head, before)) announceNext',
    replace: 'announceNext',
  },
  {
    name: 'an expired step timer goes on after an update',
    file: transitions,
    find: 'if (stepMinutes === -1) delete after.stepUntilMs\n  else ',
    replace: '',
  },
]

/** What the parts of the server tell each other. */
const joints: readonly Mutant[] = [
  {
    name: 'a deleted thing keeps its executions',
    file: 'apps/server/src/jobs/jobs-shell.ts',
    find: 'engine.onThingDeleted(change.thingName, nowMs)',
    replace: '',
  },
  {
    name: 'a thing that leaves keeps its queue',
    file: membership,
    find: 'else if (!isCovered(ctx, job.config, thingName)) left(',
    replace: 'else if (ctx === undefined) left(',
  },
  {
    name: 'a thing that joins again gets a second one',
    file: membership,
    find: 'if (latest !== undefined && !isTerminal(latest.status)) return',
    replace: '',
  },
  {
    name: 'groups above are not asked',
    file: membership,
    find: '[thingGroupName, ...ctx.registry.ancestorsOfGroup(thingGroupName)]',
    replace: '[thingGroupName]',
  },
  {
    name: 'a certificate that was deactivated stays connected',
    file: 'apps/server/src/account-joints.ts',
    find: 'broker.disconnectPrincipal(change.certificateId)',
    replace: '',
  },
]

/** Policies and deliveries. */
const broker: readonly Mutant[] = [
  {
    name: 'a missing receive check',
    file: delivery,
    find: 'connection.authorizer?.receive(message.topic, terms.shareFilter) ?? false',
    replace: 'true',
  },
  {
    name: 'a missing receive check of what waited',
    file: delivery,
    find: 'connection.authorizer?.receive(next.message.topic, next.shareFilter) !== true',
    replace: 'false',
  },
  {
    name: 'a stale evaluator after a change of a policy',
    file: authorization,
    find: 'if (this.#policies.refresh(change.policyName)) drop(this.#byPolicy.of(change.policyName))',
    replace: 'this.#policies.refresh(change.policyName)',
  },
  {
    name: 'a stale evaluator after an attachment',
    file: authorization,
    find: '        drop(this.#byTarget.of(change.target))\n',
    replace: '',
  },
  {
    name: 'a stale evaluator after a move between groups',
    file: authorization,
    find: "      case 'thingGroupMembership':\n",
    replace: '',
  },
  {
    name: 'a decision that outlives its evaluator',
    file: decisions,
    find: 'known.judge === judge && known.topic === topic',
    replace: 'known.topic === topic',
  },
  {
    name: 'a subscription that nobody asked about',
    file: 'packages/broker/src/handle-subscribe.ts',
    find: 'client.authorizer.subscribe(request.filter)',
    replace: '{ allowed: true }',
  },
  {
    name: 'a connection that nobody asked about',
    file: 'packages/broker/src/handle-connect.ts',
    find: 'client.authorizer.connect()',
    replace: '{ allowed: true }',
  },
  {
    name: 'a publish that nobody asked about',
    file: 'packages/broker/src/handle-publish.ts',
    find: 'authorizer.publish(topic)',
    replace: '{ allowed: true }',
  },
  {
    name: 'what was in flight is forgotten with its connection',
    file: delivery,
    find: 'if (unacknowledged.length > 0) session.queue.putBack(unacknowledged)',
    replace: '',
  },
  {
    name: 'what waits is not sent after an acknowledgement',
    file: delivery,
    find: 'if (session.queue.length > 0 || session.replies.length > 0) drain(core, session)',
    replace: '',
  },
  {
    name: 'sessions end after six minutes',
    file: 'packages/broker/src/end-session.ts',
    find: 'session.expirySeconds * 1000',
    replace: 'session.expirySeconds * 100',
  },
  {
    name: 'an alarm does not look at a clock that jumped',
    file: 'packages/clock/src/system-clock.ts',
    find: 'Math.min(waitMs, this.#lookMs)',
    replace: 'waitMs',
  },
  {
    name: 'a clock that goes back',
    file: 'packages/clock/src/system-clock.ts',
    find: 'wallMs >= this.#latestMs ? wallMs : slowedMs',
    replace: 'wallMs',
  },
]

/** All of them. */
export const MUTANTS: readonly Mutant[] = [
  ...kept,
  ...engine,
  ...dataPlaneMutants,
  ...joints,
  ...broker,
]
