/**
 * A server from its options to its open ports, and back.
 */
import { thisMachine } from './machine.ts'
import { openRecordFile } from './decisions/record-file.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseClock, VirtualClock } from '@muster/clock'
import { allPoolRoles, type DeclaredPool } from '@muster/cognito'
import type { IamAccount } from '@muster/iam'
import type { AdminExtension, AdminPorts } from './admin/admin-api.ts'
import { adminMount } from './admin/admin-mount.ts'
import { consoleMount } from './admin/console-mount.ts'
import { auditPoolRoles } from './cognito/audit-pool-roles.ts'
import { readIdentityPools } from './cognito/identity-pools-file.ts'
import { checkBus } from './bus/bus-options.ts'
import { openDataFolder, type DataFolder } from './data-folder.ts'
import { checkExposure, exposureNote } from './exposure.ts'
import { proxySources } from './listeners/proxy-protocol.ts'
import { startListeners, type Listeners, type ListenersNeeds } from './listeners/start-listeners.ts'
import { awsEndpointHosts } from './operations/describe-endpoint.ts'
import { accessKeys } from './authentication/access-keys.ts'
import { openOperators, type Operators } from './authentication/operators.ts'
import type { ServerOptions, ServerPorts } from './options.ts'
import { privacyNote } from './platform.ts'
import { forgetAddress, tellAddress } from './running-server.ts'
import { openServerIdentity, type ServerIdentity } from './server-identity.ts'
import { openServices, type DeclaredIdentities, type Services } from './services.ts'
import { openAccountStore } from './store/open-account-store.ts'

/** A server that is up. */
export interface RunningServer extends ServerPorts {
  /** Absolute path of the authority's certificate. */
  readonly caFile: string
  /** The same, as text. */
  readonly caPem: string
  /** Clock seconds per wall second; 0 for a virtual clock. */
  readonly clockRate: number
  /** What the user should know: ports that are not the wanted ones, names that are missing. */
  readonly notes: readonly string[]
  /** The default operator's key; undefined when an IAM file names the operators. */
  readonly firstOperator:
    | { readonly accessKeyId: string; readonly secretAccessKey: string }
    | undefined
  /**
   * Mounts something of the process into the admin API, guarded as the rest of it is.
   *
   * @param name - the part of the path after `/_muster/`
   */
  mountAdmin(name: 'simulator', extension: AdminExtension): void
  /**
   * Takes no more clients and parts with those there are over `drainSeconds` of the options, MQTT 5
   * ones with the reason; with 0 does nothing.
   */
  drain(): Promise<void>
  /** Says goodbye to clients, commits, and frees ports and data folder. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts a server.
 *
 * @throws ExposureError, BusError, DataFolderError, ServerIdentityError, ListenError, StoreVersionError or an
 *   Error that names the database file, RangeError (clock): each message says what was expected and
 *   which flag changes it
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  checkExposure(options)
  if (options.gateways?.kind === 'bus') checkBus(options.gateways.bus, options.gateways.joinToken)
  parseClock(options.clock, 0)
  proxySources(options.proxyFrom)
  const closers: (() => void | Promise<void>)[] = []
  const operators = openOperators(options)
  closers.push(() => operators.close())
  // Nothing is made for options that are refused.
  const temporary =
    options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'muster-')) : undefined
  if (temporary !== undefined) {
    closers.push(() => rmSync(temporary, { recursive: true, force: true }))
  }
  try {
    const identities = {
      iam: operators.account,
      identityPools: identityPools(options, operators.account()),
    }
    const folder = openDataFolder(options.dataDir ?? temporary ?? '')
    closers.push(() => folder.release())
    return await startIn(folder, withEndpointHosts(options), { operators, identities }, closers)
  } catch (cause) {
    await closeAll(closers)
    throw cause
  }
}

/** Pools of `--identity-pools`; read before anything is made, so that a fault leaves nothing. */
function identityPools(options: ServerOptions, iam: IamAccount): readonly DeclaredPool[] {
  const { identityPoolsFile, region, accountId } = options
  if (identityPoolsFile === undefined) return []
  return readIdentityPools(identityPoolsFile, { account: { region, accountId }, iam })
}

/** What DescribeEndpoint announces must be a name that the server answers to. */
function withEndpointHosts(options: ServerOptions): ServerOptions {
  const { awsEndpointForm, hostnames, region } = options
  return awsEndpointForm
    ? { ...options, hostnames: [...hostnames, ...awsEndpointHosts(region)] }
    : options
}

interface Who {
  readonly operators: Operators
  readonly identities: DeclaredIdentities
}

async function startIn(
  folder: DataFolder,
  options: ServerOptions,
  { operators, identities }: Who,
  closers: (() => void | Promise<void>)[],
): Promise<RunningServer> {
  forgetAddress(folder)
  const kept = await openAccountStore(options, folder)
  closers.push(() => kept.store.close())
  const identity = await openServerIdentity(folder.path, options.hostnames, Date.now())
  let listeners: Listeners | undefined
  const ports = (): ServerPorts => listeners?.ports ?? options.ports
  const [hostname = 'localhost'] = options.hostnames
  const { recordFile: recordPath, log } = options
  const recordFile =
    recordPath === undefined
      ? undefined
      : openRecordFile(recordPath, (cause) => log.error({ err: cause }, 'the recording ended'))
  closers.push(() => recordFile?.close())
  const services = namingFolder(folder, () =>
    openServices(
      options,
      { folder, store: kept.store, authority: identity.authority, keepSecrets: kept.keepSecrets },
      identities,
      () => `https://${hostname}:${ports().alpnPort}`,
      thisMachine,
      recordFile === undefined ? undefined : (line) => recordFile.write(line),
    ),
  )
  closers.push(() => services.close())
  await services.turn.committed()
  const extensions = new Map<string, AdminExtension>()
  const { accountId, bind, region } = options
  const { caFile } = identity
  const tell = (now: ServerPorts): void =>
    tellAddress(folder, { ...now, bind, region, accountId, caFile })
  const opened = await openListeners(options, identity, services, operators, {
    listening: ports,
    gateways: () => listeners?.gateways() ?? [],
    extension: (name) => extensions.get(name),
    // Gateways that join before the start is over are told of with it.
    portsChanged: (now) => {
      if (listeners !== undefined) tell(now)
    },
  })
  listeners = opened
  closers.push(() => opened.close())
  closers.push(() => forgetAddress(folder))
  tell(opened.ports)
  const own = [
    exposureNote(options),
    privacyNote(folder.path),
    services.isNew && !identity.isNew ? emptyNote(folder) : undefined,
  ].filter((note) => note !== undefined)
  let closing: Promise<void> | undefined
  return {
    ...opened.ports,
    caFile,
    caPem: identity.authority.certificatePem,
    clockRate: services.clock.rate,
    notes: [...kept.notes, ...opened.notes, ...services.notes, ...own],
    firstOperator: operators.first,
    mountAdmin: (name, extension) => void extensions.set(name, extension),
    drain: async () => {
      if (options.drainSeconds > 0) await opened.drain(options.drainSeconds)
    },
    close: () => (closing ??= closeAll(closers)),
  }
}

function emptyNote({ path }: DataFolder): string {
  return `there is an authority in \`${path}\`, but there was no database: the account starts empty`
}

/** Data that cannot be read is somewhere: whoever is to mend it must know in which folder. */
function namingFolder<T>({ path }: DataFolder, open: () => T): T {
  try {
    return open()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (why.includes(path)) throw cause
    throw new Error(`the data in \`${path}\` cannot be opened: ${why}`, { cause })
  }
}

function openListeners(
  options: ServerOptions,
  identity: ServerIdentity,
  services: Services,
  operators: Operators,
  {
    listening,
    gateways,
    extension,
    portsChanged,
  }: Pick<AdminPorts, 'listening' | 'gateways' | 'extension'> &
    Pick<ListenersNeeds, 'portsChanged'>,
): Promise<Listeners> {
  return startListeners({
    options,
    portsChanged,
    identity,
    services,
    iam: operators.account,
    keys: accessKeys({
      account: operators.account,
      tokens: services.sessions,
      nowMs: () => services.clock.nowMs(),
    }),
    mounts: [
      adminMount({
        clock: services.clock,
        decisions: services.decisions,
        record: services.record,
        auditPoolRoles: () => auditPoolRoles(allPoolRoles(services.cognito), operators.account()),
        timeline: (thingName, limit) => services.timelines.read(thingName, limit),
        jobProgress: (jobId) => services.jobProgress.read(jobId),
        troubles: () => services.health.troubles,
        listening,
        gateways,
        extension,
        caPem: () => identity.authority.certificatePem,
        advance: (seconds) => advance(services, seconds),
        reset: () => reset(services),
        metrics: () => services.metrics.text(),
        committed: () => services.turn.committed(),
      }),
      consoleMount(options.consoleDist),
      ...services.mounts,
    ],
  })
}

async function advance(services: Services, seconds: number): Promise<void> {
  const { clock } = services
  if (!(clock instanceof VirtualClock)) throw new TypeError('only a virtual clock is moved')
  await clock.advance(Math.round(seconds * 1000), () => services.settle())
  // Timers run against the clock: a restart must not put it back to the last change of anything else.
  services.keepTime()
  await services.settle()
}

async function reset(services: Services): Promise<void> {
  services.reset()
  await services.settle()
  if (services.clock instanceof VirtualClock) services.clock.reset(Date.now())
}

/** In the opposite order of opening; one that fails does not keep the others open. */
async function closeAll(closers: (() => void | Promise<void>)[]): Promise<void> {
  const faults: unknown[] = []
  for (const close of closers.splice(0).reverse()) {
    try {
      await close()
    } catch (cause) {
      faults.push(cause)
    }
  }
  if (faults.length > 0) throw faults[0]
}
