/**
 * The facts of a thing, by AWS's public operations, and where there is one the admin API. Nothing of
 * Node: it runs in a browser as well.
 */
import {
  DescribeCertificateCommand,
  DescribeThingCommand,
  DescribeThingGroupCommand,
  GetIndexingConfigurationCommand,
  GetThingConnectivityDataCommand,
  ListThingGroupsForThingCommand,
  ListThingPrincipalsCommand,
  TestAuthorizationCommand,
} from '@aws-sdk/client-iot'
import { executionsOf } from './gather-executions.ts'
import { jobsOf } from './gather-jobs.ts'
import type { AdminPort, IotPort } from './iot-port.ts'
import { Reading } from './reading.ts'
import type {
  CertificateFact,
  ConnectivityFact,
  PermissionFact,
  ThingFacts,
  TimelineFact,
} from './thing-facts.ts'

/** What the facts are read by. */
export interface FactSources {
  readonly iot: IotPort
  /** Absent: against AWS. */
  readonly admin?: AdminPort
  /** Wall time, epoch milliseconds: the clock where there is no admin API. */
  readonly wallMs: () => number
}

/** Groups whose ancestors are looked at. */
const GROUPS_MAX = 25
/** Certificates that are looked at. */
const CERTIFICATES_MAX = 10

/**
 * Reads what is known of a thing. Operations that are refused are named in `notRead`, and the facts
 * that they would have given are left out.
 *
 * @throws what the SDK throws when the endpoint does not answer, or refuses to tell of the thing at all
 */
export async function gatherFacts(thingName: string, sources: FactSources): Promise<ThingFacts> {
  const { iot, admin, wallMs } = sources
  const reading = new Reading()
  const [health, told] = await Promise.all([
    admin?.('health') as Promise<{ readonly nowMs: number } | undefined> | undefined,
    toldOf(thingName, admin),
  ])
  const nowMs = health?.nowMs ?? wallMs()
  const timeline = told?.entries
  // Asking AWS's operation for a thing that is not there is a refusal, and would be told as somebody's.
  const isAbsent = told === null || told?.isThing === false
  const thing = isAbsent
    ? undefined
    : await reading.orAbsent(iot.send(new DescribeThingCommand({ thingName })))
  if (thing === undefined) return noThing(thingName, nowMs, timeline)
  const arnPrefix = (thing.thingArn ?? '').replace(/:thing\/.*$/, '')
  const [certificates, connectivity, executions, groupArns] = await Promise.all([
    certificatesOf(reading, iot, thingName),
    connectivityOf(reading, iot, thingName, timeline),
    executionsOf(reading, iot, thingName, nowMs),
    groupArnsOf(reading, iot, thingName),
  ])
  const { pending, ended } = executions
  const jobs = await jobsOf(reading, iot, {
    targets: new Set([thing.thingArn ?? '', ...groupArns.values()]),
    groupNames: [...groupArns.keys()],
    jobIds: [...pending, ...ended.slice(0, 3)].map(({ jobId }) => jobId),
    ...(admin !== undefined && { admin }),
  })
  const active = certificates?.find(({ status }) => status === 'ACTIVE')
  const principal = active && `${arnPrefix}:cert/${active.certificateId}`
  return {
    thingName,
    nowMs,
    exists: true,
    certificates,
    connectivity,
    permissions:
      principal === undefined
        ? []
        : await permissionsOf(reading, iot, { thingName, principal, arnPrefix }),
    pending,
    ended,
    jobs,
    timeline,
    notRead: reading.notRead,
  }
}

function noThing(
  thingName: string,
  nowMs: number,
  timeline: readonly TimelineFact[] | undefined,
): ThingFacts {
  return {
    thingName,
    nowMs,
    exists: false,
    certificates: undefined,
    connectivity: undefined,
    permissions: [],
    pending: [],
    ended: [],
    jobs: [],
    timeline,
    notRead: [],
  }
}

/** A timeline as the admin API tells it. */
interface ToldTimeline {
  readonly isThing: boolean
  readonly entries: readonly TimelineFact[]
}

/** @returns null for a name that the server does not know; undefined where it does not tell */
async function toldOf(
  thingName: string,
  admin: FactSources['admin'],
): Promise<ToldTimeline | null | undefined> {
  const told = await admin?.(`things/${encodeURIComponent(thingName)}/timeline`)
  return told as ToldTimeline | null | undefined
}

async function certificatesOf(
  reading: Reading,
  iot: IotPort,
  thingName: string,
): Promise<readonly CertificateFact[] | undefined> {
  const listed = await reading.orNone(
    'ListThingPrincipals',
    iot.send(new ListThingPrincipalsCommand({ thingName })),
  )
  if (listed === undefined) return undefined
  const ids = (listed.principals ?? []).flatMap((arn) => /:cert\/(\w+)$/.exec(arn)?.[1] ?? [])
  return await Promise.all(
    ids.slice(0, CERTIFICATES_MAX).map(async (certificateId) => {
      const found = await reading.orNone(
        'DescribeCertificate',
        iot.send(new DescribeCertificateCommand({ certificateId })),
      )
      return { certificateId, status: found?.certificateDescription?.status }
    }),
  )
}

/**
 * Where connectivity is indexed the service tells it, but forgets after about an hour when a client
 * left; the timeline may know, and does without an index.
 */
async function connectivityOf(
  reading: Reading,
  iot: IotPort,
  thingName: string,
  timeline: readonly TimelineFact[] | undefined,
): Promise<ConnectivityFact | undefined> {
  const seen = timeline && lastSeen(timeline)
  if (seen?.sinceMs !== undefined) return seen
  // Asked first: the question itself is refused where there is no index.
  const indexing = await reading.orNone(
    'GetIndexingConfiguration',
    iot.send(new GetIndexingConfigurationCommand({})),
  )
  const { thingConnectivityIndexingMode: mode } = indexing?.thingIndexingConfiguration ?? {}
  if (mode !== 'STATUS') return seen
  const answer = iot.send(new GetThingConnectivityDataCommand({ thingName }))
  const told = await reading.orNone('GetThingConnectivityData', answer)
  if (told?.connected === undefined) return seen
  return {
    connected: told.connected,
    sinceMs: told.timestamp?.getTime(),
    disconnectReason:
      told.connected || told.timestamp === undefined ? undefined : told.disconnectReason,
  }
}

/** What the newest sign of life over MQTT says; without any nobody was there since the server began. */
function lastSeen(timeline: readonly TimelineFact[]): ConnectivityFact {
  const last = timeline.findLast(
    (entry) =>
      entry.kind === 'connected' ||
      entry.kind === 'disconnected' ||
      (entry.kind === 'request' && entry.protocol === 'mqtt'),
  )
  return {
    connected: last !== undefined && last.kind !== 'disconnected',
    sinceMs: last?.atMs,
    disconnectReason: last?.kind === 'disconnected' ? last.reason : undefined,
  }
}

/** ARNs of the thing's groups and of the groups above them, by name. */
async function groupArnsOf(
  reading: Reading,
  iot: IotPort,
  thingName: string,
): Promise<ReadonlyMap<string, string>> {
  const listed = await reading.orNone(
    'ListThingGroupsForThing',
    iot.send(new ListThingGroupsForThingCommand({ thingName })),
  )
  const own = (listed?.thingGroups ?? []).slice(0, GROUPS_MAX)
  const arns = new Map<string, string>()
  const take = (group: { groupName?: string | undefined; groupArn?: string | undefined }): void => {
    if (group.groupName !== undefined && group.groupArn !== undefined) {
      arns.set(group.groupName, group.groupArn)
    }
  }
  await Promise.all(
    own.map(async (group) => {
      take(group)
      const input = { thingGroupName: group.groupName }
      const found = await reading.orNone(
        'DescribeThingGroup',
        iot.send(new DescribeThingGroupCommand(input)),
      )
      for (const above of found?.thingGroupMetadata?.rootToParentThingGroups ?? []) take(above)
    }),
  )
  return arns
}

/** Whether the certificate may connect, and ask for its next job. */
async function permissionsOf(
  reading: Reading,
  iot: IotPort,
  who: { readonly thingName: string; readonly principal: string; readonly arnPrefix: string },
): Promise<readonly PermissionFact[]> {
  const { thingName, principal, arnPrefix } = who
  const client = `${arnPrefix}:client/${thingName}`
  const topic = `${arnPrefix}:topic/$aws/things/${thingName}/jobs/start-next`
  const { authResults = [] } =
    (await reading.orNone(
      'TestAuthorization',
      iot.send(
        new TestAuthorizationCommand({
          principal,
          clientId: thingName,
          authInfos: [
            { actionType: 'CONNECT', resources: [client] },
            { actionType: 'PUBLISH', resources: [topic] },
          ],
        }),
      ),
    )) ?? {}
  return authResults.flatMap(({ authDecision, authInfo, denied }) => {
    const [resource] = authInfo?.resources ?? []
    if (authDecision === undefined || resource === undefined) return []
    const deniedBy = (denied?.explicitDeny?.policies ?? []).flatMap(
      ({ policyName }) => policyName ?? [],
    )
    const action = authInfo?.actionType === 'CONNECT' ? 'iot:Connect' : 'iot:Publish'
    return [{ action, resource, isAllowed: authDecision === 'ALLOWED', deniedBy }]
  })
}
