/**
 * The account behind the listeners: store, registry, authorization, broker and jobs, opened one after
 * the other. The rule packages do not know each other; what one tells the others is said in
 * `account-joints.ts`.
 */
import type { Broker } from '@muster/broker'
import type { Catalog } from '@muster/catalog'
import type { Clock } from '@muster/clock'
import { hasResource } from '@muster/jobs'
import type { Account } from '@muster/model'
import { certificateAttributes, certificateIssuer, type Authority } from '@muster/pki'
import { parsePolicy } from '@muster/policy'
import { openRegistry, type Registry } from '@muster/registry'
import { isLive } from '@muster/shadow'
import { LedStore, type Store } from '@muster/store'
import { hasResource as hasStreamResource } from '@muster/streams'
import { AccountJoints } from './account-joints.ts'
import {
  declarePools,
  openState,
  resetState,
  type CognitoState,
  type DeclaredPool,
} from '@muster/cognito'
import { RoleAliases, type IamAccount } from '@muster/iam'
import { startCatalog, type CatalogShell } from './catalog/catalog-shell.ts'
import { openCognitoKey, type CognitoKey } from './cognito/cognito-key.ts'
import { wellKnownMount } from './cognito/well-known.ts'
import { verifyTokenSignature } from './authentication/token-signatures.ts'
import { openSessions, type AccountSessions } from './authentication/session-key.ts'
import { DecisionLog } from './decisions/decision-log.ts'
import { DelayedPolicies } from './authorization/delayed-policies.ts'
import { deviceAuthorization, type DeviceAuthorizer } from './authorization/device-authorization.ts'
import {
  operatorAuthorization,
  type OperatorAuthorization,
} from './authorization/operator-authorization.ts'
import { tagsByArn } from './authorization/resource-tags.ts'
import { startBroker } from './broker/broker-shell.ts'
import { openClock } from './clock-record.ts'
import { DecisionWarnings } from './decisions/decision-warnings.ts'
import { Refusals } from './decisions/refusals.ts'
import { RequestRecord, type RecordLine } from './decisions/request-record.ts'
import type { DataFolder } from './data-folder.ts'
import { thisMachine, type Machine } from './machine.ts'
import { Health } from './health.ts'
import { JobProgressLog } from './jobs/job-progress.ts'
import { startJobs, type JobsShell } from './jobs/jobs-shell.ts'
import { openS3Links } from './s3/s3-links.ts'
import type { Mount } from './mount.ts'
import { meteredBatch } from './metered-batch.ts'
import { HttpsPrincipals } from './listeners/https-principals.ts'
import { serverMetrics, type Metrics } from './metrics.ts'
import { rateOf } from './operations/table.ts'
import type { ServerOptions } from './options.ts'
import { startProvisioning, type ProvisioningShell } from './provisioning/provisioning-shell.ts'
import { RateQuotas } from './rate-quotas.ts'
import { clientConnectivity } from './registry/client-connectivity.ts'
import { GroupBuilds } from './registry/group-builds.ts'
import { registryEvents } from './registry/registry-events.ts'
import { startShadows, type ShadowShell } from './shadows/shadow-shell.ts'
import { Slices } from './slices.ts'
import { otaJobs } from './streams/ota-jobs.ts'
import { streamFiles } from './streams/stream-files.ts'
import { startStreams, type StreamShell } from './streams/stream-shell.ts'
import { watchStore } from './store/watch-store.ts'
import { ThingTimelines } from './timeline/thing-timelines.ts'
import { CommitTurn } from './turn.ts'

/** Everything that operations and listeners work on. */
export interface Services {
  readonly account: Account
  readonly clock: Clock
  readonly turn: CommitTurn
  readonly slices: Slices
  readonly registry: Registry
  readonly groupBuilds: GroupBuilds
  readonly decisions: DecisionLog
  readonly record: RequestRecord
  readonly refusals: Refusals
  readonly devices: DeviceAuthorizer
  readonly operators: OperatorAuthorization
  readonly broker: Broker
  readonly httpsPrincipals: HttpsPrincipals
  readonly jobs: JobsShell
  /** How the counters of jobs moved. */
  readonly jobProgress: JobProgressLog
  /** What happened to things. */
  readonly timelines: ThingTimelines
  readonly shadows: ShadowShell
  readonly streams: StreamShell
  /** Software packages and their versions. */
  readonly catalog: Catalog
  readonly roleAliases: RoleAliases
  readonly provisioning: ProvisioningShell
  readonly metrics: Metrics
  readonly health: Health
  /** Rates to enforce; undefined: none (gateway G123). */
  readonly rates: RateQuotas | undefined
  /** Tokens of temporary credentials. */
  readonly sessions: AccountSessions
  /** Cognito identity pools. */
  readonly cognito: CognitoState
  readonly cognitoKey: CognitoKey
  /** What is served beside the AWS operations on the HTTP listener. */
  readonly mounts: readonly Mount[]
  /** Whether there was no data before. */
  readonly isNew: boolean
  /** What the user should know of the data that was there. */
  readonly notes: readonly string[]
  /** Resolves when all work due now is done, committed and sent. */
  settle(): Promise<void>
  /** Makes the time of a clock that is not wall time durable. */
  keepTime(): void
  /** Empties the account; clients are disconnected (design decision 9). */
  reset(): void
  /** Commits what is open and stops all timers. */
  close(): void
}

/** What files say of who may come. */
export interface DeclaredIdentities {
  /** The account's users and roles as they are now. */
  readonly iam: () => IamAccount
  /** Pools that are there at the start and after a reset. */
  readonly identityPools: readonly DeclaredPool[]
}

/** What an account stands on. */
export interface AccountGround {
  readonly folder: DataFolder
  /** Whoever opened it closes it. */
  readonly store: Store
  readonly authority: Authority
  /** Keeps what the folder must have and the store has not; after each change of it. */
  readonly keepSecrets: () => void
}

/**
 * Opens the account of a store.
 *
 * @param identities - who may come
 * @param baseUrl - where devices reach the HTTP listener, once it is up
 * @param machine - what it runs on
 * @param onRecorded - told of allowed requests, which are recorded then
 */
export function openServices(
  options: ServerOptions,
  { folder, store, authority, keepSecrets }: AccountGround,
  identities: DeclaredIdentities,
  baseUrl: () => string,
  machine: Machine = thisMachine,
  onRecorded?: (line: RecordLine) => void,
): Services {
  const { iam, identityPools } = identities
  const account: Account = { region: options.region, accountId: options.accountId }
  const { hooks, log, s3Folder } = options
  const { records } = store
  const sessions = openSessions(folder, records)
  const health = new Health(log)
  if (store.lost !== undefined) health.failed('the store', new Error(lostNote(store.lost)))
  const { clock, keep: keepTime, notes: clockNotes } = openClock(options.clock, records, machine)
  const nowMs = (): number => clock.nowMs()
  const metrics = serverMetrics(health, machine)
  if (store instanceof LedStore) watchStore(store, { health, metrics })
  const jobProgress = new JobProgressLog({ state: store.jobs, records, nowMs })
  const goesWithCommit = (): void => {
    keepTime()
    const touched = store.takeTouchedJobs()
    if (touched.size > 0) health.guard('progress of jobs', () => jobProgress.record(touched))
  }
  const turn = new CommitTurn(
    meteredBatch(store, { before: goesWithCommit, committed: (ms) => metrics.committed(ms) }),
    {
      commitFailed: (cause) => {
        log.fatal({ err: cause }, 'a commit failed: the server must stop')
        // Whoever waits for the turn that failed, or asks while the server ends, gets an answer.
        machine.setTimer(() => options.onCommitFailed(cause), FAREWELL_MS)
      },
      effectFailed: (cause) => log.error({ err: cause }, 'an effect failed after its commit'),
    },
    (run) => machine.afterTurn(run),
  )
  const warnings = new DecisionWarnings({
    warn: (line, message) => log.warn(line, message),
    wallMs: () => machine.monotonicMs(),
  })
  const decisions = new DecisionLog({
    nowMs,
    onOccurrence: ({ action, effect }) => metrics.denied(action, effect),
    onFirst: (entry, shown) => {
      if (log.isLevelEnabled('warn')) warnings.tell(entry, shown)
    },
  })
  const record = new RequestRecord(onRecorded)
  const refusals = new Refusals(account, decisions)
  const timelines: ThingTimelines = new ThingTimelines({
    nowMs,
    isThing: (name) => registry.thing(name) !== undefined,
    decisions,
  })
  const joints = new AccountJoints()
  const shell = startBroker({
    clock,
    machine,
    records,
    bounds: { rateQuotas: options.quotas, refusedConnack: options.refusedConnack },
    reserved: joints.reserved,
    log: (entry) => log.info(entry, entry.event),
    fault: (cause) => health.failed('a timer of the broker', cause),
    undeliverable: (cause, { clientId, topic }) => {
      const why = `a message on \`${topic}\` cannot be encoded for \`${clientId}\`: ${String(cause)}`
      health.failed('an MQTT delivery', new Error(why, { cause }))
    },
    refused: (refusal) => refusals.mqtt(refusal),
    presence: (clientId) => joints.presenceChanged(clientId),
    connectionChanged: (change) => timelines.connectionChanged(change),
    ...(options.reasonStrings
      ? { reasonString: ({ decisionId }) => decisions.sentence(decisionId) }
      : {}),
  })
  const { broker } = shell
  const httpsPrincipals = new HttpsPrincipals()
  metrics.meter({ broker, store, allowed: decisions.allowed, httpsPrincipals })
  const registry: Registry = openRegistry({
    account,
    records,
    emit: (change) => joints.registryChanged(change),
    newId: () => machine.uuid(),
    certificateIssuer: certificateIssuer(authority),
    policyFault: (document) => {
      const parsed = parsePolicy(document, 'iot')
      return parsed.ok ? undefined : parsed.error.message
    },
    resourceExists: (arn) =>
      hasResource(account, store.jobs, arn) ||
      hasStreamResource(account, store.streams, arn) ||
      packageCatalog.catalog.hasResource(arn) ||
      roleAliases.hasResource(arn),
    connectivity: (thingName) => clientConnectivity(broker, thingName),
    shadow: (thingName, shadowName) => {
      const kept = store.shadows.get(thingName, shadowName)
      return isLive(kept) ? kept : undefined
    },
    buildsWait: () => joints.groupsWait(),
  })
  const roleAliases: RoleAliases = new RoleAliases({
    account,
    records,
    checkTags: (tags) => registry.checkTags(tags),
    addTags: (resourceArn, tags) => registry.setTags(resourceArn, tags),
    dropTags: (resourceArn) => registry.forgetTags(resourceArn),
  })
  const packageCatalog: CatalogShell = startCatalog({
    account,
    clock,
    state: store.catalog,
    registry,
    shadows: () => shadows.engine,
    iam,
    log,
  })
  const slices = new Slices(machine)
  const groupBuilds = new GroupBuilds({
    turn,
    slices,
    build: (goesOn) => registry.buildDynamicGroups(goesOn),
    onFault: (cause) => health.failed('building of dynamic groups', cause),
  })
  const policies = new DelayedPolicies(registry, clock, options.policyDelaySeconds * 1000)
  const devices = deviceAuthorization({
    account,
    registry: policies.registry,
    decisions,
    certificateAttributes,
    record,
  })
  const operators = operatorAuthorization({
    account,
    decisions,
    devices,
    nowMs,
    resourceTags: tagsByArn(registry),
  })
  const s3Links = openS3Links({ clock, records, region: account.region, s3Folder, baseUrl })
  const rates =
    options.quotas === 'aws' ? new RateQuotas(rateOf, () => machine.monotonicMs()) : undefined
  const provisioning = startProvisioning({
    registry,
    clock,
    turn,
    slices,
    broker,
    hooks,
    s3Folder,
    presign: (url, expiresInSec, nowMs) => s3Links.presign('GET', url, expiresInSec, nowMs),
    answered: (operation, status, durationMs) =>
      metrics.answered('mqtt', { service: 'provisioning', operation, status, durationMs }),
    ...(rates && { throttled: (operation) => rates.exceeded('provisioning', operation) }),
    refusals,
    log,
  })
  const jobs = startJobs({
    account,
    clock,
    newId: () => machine.uuid(),
    turn,
    state: store.jobs,
    registry,
    packages: packageCatalog.packages,
    installed: (packages) => joints.installed(packages),
    broker,
    presign: s3Links.presign,
    refusals,
    onFault: (cause) => log.error({ err: cause }, 'a request of Jobs failed'),
    onBroken: (cause) => {
      log.fatal({ err: cause }, 'due work of Jobs cannot be read: the server must stop')
      options.onCommitFailed(cause)
    },
    health,
    timelines,
    answered: (operation, status, durationMs) =>
      metrics.answered('mqtt', { service: 'iot-jobs-data', operation, status, durationMs }),
    ...(rates && { throttled: (operation) => rates.exceeded('iot-jobs-data', operation) }),
  })
  const shadows: ShadowShell = startShadows({
    clock,
    state: store.shadows,
    broker,
    refusals,
    changed: (name) => joints.shadowChanged(name),
    onFault: (cause) => log.error({ err: cause }, 'a request to a shadow failed'),
    answered: (operation, status, durationMs) =>
      metrics.answered('mqtt', { service: 'iotdata', operation, status, durationMs }),
    ...(rates && { throttled: (operation, name) => rates.exceeded('iotdata', operation, name) }),
  })
  const streams = startStreams({
    account,
    state: store.streams,
    jobs: otaJobs(jobs.engine),
    checkTags: (tags) => registry.checkTags(tags),
    setTags: (arn, tags) => registry.setTags(arn, tags),
    forgetTags: (arn) => registry.forgetTags(arn),
    newId: () => machine.uuid(),
    files: streamFiles(s3Folder),
    broker,
    refusals,
    onFault: (cause) => log.error({ err: cause }, 'a request to a stream failed'),
    answered: (operation, status, durationMs) =>
      metrics.answered('mqtt', { service: 'iot', operation, status, durationMs }),
    ...(rates && { throttled: (operation) => rates.exceeded('streams', operation) }),
  })
  const events = registryEvents({
    account,
    registry,
    nowMs,
    newId: () => machine.uuid(),
    publish: (message) => broker.publish(message),
  })
  const cognitoKey = openCognitoKey(folder.file('cognito.key'), account.region, keepSecrets)
  const cognito = openState({
    account,
    records,
    iam,
    newUuid: () => machine.uuid(),
    verify: verifyTokenSignature,
    sign: cognitoKey.sign,
    ownKeys: cognitoKey.publicKeys,
    seal: sessions,
    onRefusedRole: (why) => log.warn(why, 'identity refused by its pool'),
  })
  declarePools(cognito, identityPools)
  joints.join({
    timelines,
    registry,
    groupBuilds,
    broker,
    policies,
    devices,
    events,
    jobs,
    provisioning,
    shadows,
    streams,
    catalog: packageCatalog,
  })
  // Dynamic memberships by connectivity are kept; the connections behind them are gone.
  registry.resumeDynamicGroups()
  keepSecrets()
  // What opening wrote is kept before anybody is served, and the file is nobody's meanwhile.
  turn.end()
  return {
    account,
    clock,
    turn,
    slices,
    groupBuilds,
    registry,
    decisions,
    record,
    refusals,
    devices,
    operators,
    broker,
    httpsPrincipals,
    jobs,
    jobProgress,
    timelines,
    shadows,
    streams,
    catalog: packageCatalog.catalog,
    roleAliases,
    provisioning,
    metrics,
    health,
    rates,
    sessions,
    cognito,
    cognitoKey,
    mounts: [s3Links.mount, wellKnownMount(cognitoKey)],
    isNew: store.isNew,
    notes: [...(store.lost === undefined ? [] : [lostNote(store.lost)]), ...clockNotes],
    settle: async () => {
      await provisioning.settled()
      await groupBuilds.settle()
      await jobs.settle()
      await streams.settled()
      await turn.committed()
    },
    keepTime,
    reset: () => {
      broker.reset()
      provisioning.keyPairs.reset()
      jobs.reset()
      policies.reset()
      devices.reset()
      decisions.clear()
      record.clear()
      health.clear()
      resetState(cognito)
      store.reset()
      jobProgress.reset()
      registry.reload()
      roleAliases.reset()
      timelines.reset()
      sessions.reset()
      cognitoKey.reset()
      declarePools(cognito, identityPools)
      keepSecrets()
    },
    close: () => {
      jobs.stop()
      groupBuilds.stop()
      provisioning.stop()
      policies.reset()
      shell.stop()
      // Quiet hours count too, or a restart would put the clock back to the last change.
      keepTime()
      jobProgress.keep()
      turn.end()
    },
  }
}

/** How long who asks is still told that nothing works, before the server stops. */
const FAREWELL_MS = 250

function lostNote(lost: string): string {
  return (
    `the server was not closed in good order, and of what it committed last something is lost: ${lost}; ` +
    'what clients saw acknowledged may be gone'
  )
}
