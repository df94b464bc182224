/**
 * The account behind the listeners: store, registry, authorization, broker and jobs, joined. The
 * rule packages do not know each other; what one tells the others is said here.
 */
import { randomUUID } from 'node:crypto'
import type { Broker } from '@muster/broker'
import { parseClock, type Clock } from '@muster/clock'
import type { Account } from '@muster/model'
import { certificateAttributes, certificateIssuer, type Authority } from '@muster/pki'
import { parsePolicy, type Explanation } from '@muster/policy'
import {
  openRegistry,
  type Connectivity,
  type Registry,
  type RegistryChange,
} from '@muster/registry'
import { openStore, type Store } from '@muster/store'
import { DecisionLog } from './authorization/decision-log.ts'
import { DelayedPolicies } from './authorization/delayed-policies.ts'
import { deviceAuthorization, type DeviceAuthorizer } from './authorization/device-authorization.ts'
import {
  operatorAuthorization,
  type OperatorAuthorization,
} from './authorization/operator-authorization.ts'
import { tagsByArn } from './authorization/resource-tags.ts'
import { committedRecords } from './committed-records.ts'
import type { DataFolder } from './data-folder.ts'
import { Health } from './health.ts'
import { startJobs, type JobsShell } from './jobs/jobs-shell.ts'
import { openS3Links } from './s3/s3-links.ts'
import type { Mount } from './mount.ts'
import { startBroker } from './broker/broker-shell.ts'
import { serverMetrics, type Metrics } from './metrics.ts'
import { RateQuotas } from './operations/rate-quotas.ts'
import type { ServerOptions } from './options.ts'
import { startProvisioning, type ProvisioningShell } from './provisioning/provisioning-shell.ts'
import { GroupBuilds } from './registry/group-builds.ts'
import { registryEvents } from './registry/registry-events.ts'
import { CommitTurn } from './turn.ts'

/** Everything that operations and listeners work on. */
export interface Services {
  readonly account: Account
  readonly clock: Clock
  readonly turn: CommitTurn
  readonly registry: Registry
  readonly decisions: DecisionLog
  readonly devices: DeviceAuthorizer
  readonly operators: OperatorAuthorization
  readonly broker: Broker
  readonly jobs: JobsShell
  readonly provisioning: ProvisioningShell
  readonly metrics: Metrics
  readonly health: Health
  /** Rates to enforce; undefined: none (gateway G123). */
  readonly rates: RateQuotas | undefined
  /** What is served beside the AWS operations on the HTTP listener. */
  readonly mounts: readonly Mount[]
  /** Resolves when all work due now is done, committed and sent. */
  settle(): Promise<void>
  /** Makes the time of a clock that is not wall time durable. */
  keepTime(): void
  /** Empties the account; clients are disconnected (design decision 9). */
  reset(): void
  /** Commits what is open, stops all timers and closes the store. */
  close(): void
}

/**
 * Opens the account in a data folder.
 *
 * @param baseUrl - where devices reach the HTTP listener, once it is up
 */
export function openServices(
  options: ServerOptions,
  folder: DataFolder,
  authority: Authority,
  baseUrl: () => string,
): Services {
  const account: Account = { region: options.region, accountId: options.accountId }
  const { log } = options
  const store = openStore({ file: folder.file('muster.db') })
  const health = new Health(log)
  const clock = parseClock(options.clock, startMs(store))
  const metrics = serverMetrics({
    connections: () => broker.connectionCount,
    sessions: () => broker.sessionCount,
    retained: () => broker.retainedCount,
    brokerTotals: () => ({ ...broker.counts }),
    health,
  })
  const keepTime = (): void => {
    if (clock.mode !== 'system') store.records.put(...CLOCK_RECORD, String(clock.nowMs()))
  }
  const turn = new CommitTurn(meteredBatch(store, keepTime, metrics), {
    commitFailed: (cause) => {
      log.fatal({ err: cause }, 'a commit failed: the server must stop')
      options.onCommitFailed(cause)
    },
    effectFailed: (cause) => log.error({ err: cause }, 'an effect failed after its commit'),
  })
  const records = committedRecords(store.records, turn)
  const emit = (change: RegistryChange): void => {
    delayed.onRegistryChange(change, () => devices.onRegistryChange(change))
    tellEvents(change)
    jobs.onRegistryChange(change)
    provisioning.arm()
    if (change.kind === 'certificate' && change.after?.status !== 'ACTIVE') {
      broker.disconnectPrincipal(change.certificateId)
    }
  }
  const registry: Registry = openRegistry({
    account,
    records,
    emit,
    newId: () => randomUUID(),
    certificateIssuer: certificateIssuer(authority),
    policyFault: (document) => {
      const parsed = parsePolicy(document, 'iot')
      return parsed.ok ? undefined : parsed.error.message
    },
    resourceExists: (arn) => jobs.engine.hasResource(arn),
    connectivity: (thingName) => connectivity(broker, thingName),
    buildsWait: () => groupBuilds.wake(),
  })
  const groupBuilds = new GroupBuilds({
    turn,
    build: () => registry.buildDynamicGroups(),
    onFault: (cause) => health.failed('building of dynamic groups', cause),
  })
  const decisions = new DecisionLog({
    nowMs: () => clock.nowMs(),
    onOccurrence: ({ action, effect }) => metrics.denied(action, effect),
    onDenial: (denial) => log.warn(denial, 'denied'),
  })
  const delayed = new DelayedPolicies(registry, clock, options.policyDelaySeconds * 1000)
  const devices = deviceAuthorization({
    account,
    registry: delayed.registry,
    decisions,
    certificateAttributes,
  })
  const operators = operatorAuthorization({
    account,
    decisions,
    nowMs: () => clock.nowMs(),
    resourceTags: tagsByArn(registry),
  })
  const shell = startBroker({
    clock,
    records,
    bounds: { rateQuotas: options.quotas, refusedConnack: options.refusedConnack },
    reserved: {
      jobs: (topic) => jobs.reserved(topic),
      provisioning: (topic) => provisioning.reserved(topic),
    },
    log: (entry) => log.info(entry, entry.event),
    fault: (cause) => health.failed('a timer of the broker', cause),
    presence: (clientId) => registry.connectivityChanged(clientId),
    ...(options.reasonStrings
      ? { reasonString: ({ decisionId }) => reason(decisions, decisionId) }
      : {}),
  })
  const { broker } = shell
  const tellEvents = registryEvents({
    account,
    registry,
    nowMs: () => clock.nowMs(),
    newId: () => randomUUID(),
    publish: (message) => broker.publish(message),
  })
  const { hooks, s3Folder } = options
  const s3Links = openS3Links({ clock, records, s3Folder, baseUrl })
  const rates = options.quotas === 'aws' ? new RateQuotas(() => performance.now()) : undefined
  const provisioning = startProvisioning({
    registry,
    clock,
    turn,
    broker,
    hooks,
    s3Folder,
    presign: s3Links.presign,
    ...(rates && { throttled: (operation) => rates.exceeded('provisioning', operation) }),
    log,
  })
  const jobs = startJobs({
    account,
    clock,
    turn,
    state: store.jobs,
    registry,
    broker,
    presign: (url, expiresInSec, nowMs) => s3Links.presign(url, expiresInSec, nowMs),
    onFault: (cause) => log.error({ err: cause }, 'a request of Jobs failed'),
    onBroken: (cause) => {
      log.fatal({ err: cause }, 'due work of Jobs cannot be read: the server must stop')
      options.onCommitFailed(cause)
    },
    health,
    ...(rates && { throttled: (operation) => rates.exceeded('iot-jobs-data', operation) }),
  })
  // Dynamic memberships by connectivity are kept; the connections behind them are gone.
  registry.resumeDynamicGroups()
  // What opening wrote is kept before anybody is served, and the file is nobody's meanwhile.
  turn.end()
  return {
    account,
    clock,
    turn,
    registry,
    decisions,
    devices,
    operators,
    broker,
    jobs,
    provisioning,
    metrics,
    health,
    rates,
    mounts: [s3Links.mount],
    settle: async () => {
      await provisioning.settled()
      await groupBuilds.settle()
      await jobs.settle()
      await turn.committed()
    },
    keepTime,
    reset: () => {
      broker.reset()
      provisioning.keyPairs.reset()
      jobs.reset()
      registry.reset()
      delayed.reset()
      devices.reset()
      decisions.clear()
      health.clear()
      store.reset()
    },
    close: () => {
      jobs.stop()
      groupBuilds.stop()
      provisioning.stop()
      delayed.reset()
      shell.stop()
      // Quiet hours count too, or a restart would put the clock back to the last change.
      keepTime()
      turn.end()
      store.close()
    },
  }
}

/** A denial in one sentence, with what would change it, for MQTT 5 Reason Strings. */
function reason(decisions: DecisionLog, decisionId: string | undefined): string | undefined {
  const explained = decisionId === undefined ? undefined : decisions.explain(decisionId)
  if (explained === undefined) return undefined
  const { summary, hints } = explained.explanation as Explanation
  return [summary, ...hints.slice(0, 1)].join('; ')
}

/** Kind and key of the record that remembers where an accelerated clock stood. */
const CLOCK_RECORD = ['clock', 'now'] as const

/**
 * Where a clock that is not wall time starts: never before what an earlier run committed, or
 * timers that it set would lie too far ahead.
 */
function startMs(store: Store): number {
  for (const { value } of store.records.load(CLOCK_RECORD[0])) {
    return Math.max(Date.now(), Number(value))
  }
  return Date.now()
}

function meteredBatch(store: Store, beforeCommit: () => void, metrics: Metrics): CommitTurnBatch {
  return {
    get dirty() {
      return store.dirty
    },
    commit: () => {
      const startedMs = performance.now()
      beforeCommit()
      store.commit()
      metrics.committed(performance.now() - startedMs)
    },
    rollback: () => store.rollback(),
  }
}

type CommitTurnBatch = ConstructorParameters<typeof CommitTurn>[0]

function connectivity(broker: Broker, clientId: string): Connectivity | undefined {
  const known = broker.connectivity(clientId)
  if (known === undefined) return undefined
  const { connectedSinceMs, disconnectedSinceMs, disconnectReason } = known
  return disconnectedSinceMs === undefined
    ? { connected: true, timestampMs: connectedSinceMs }
    : {
        connected: false,
        timestampMs: disconnectedSinceMs,
        ...(disconnectReason === undefined ? {} : { disconnectReason }),
      }
}
