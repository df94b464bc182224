/** What the rules of operations work on. */
import type { Broker } from '@muster/broker'
import type { Catalog } from '@muster/catalog'
import type { Clock } from '@muster/clock'
import type { RoleAliases } from '@muster/iam'
import type { Account } from '@muster/model'
import type { Registry } from '@muster/registry'
import type { DeviceAuthorizer } from '../authorization/device-authorization.ts'
import type { JobsShell } from '../jobs/jobs-shell.ts'
import type { ProvisioningShell } from '../provisioning/provisioning-shell.ts'
import type { GroupBuilds } from '../registry/group-builds.ts'
import type { ShadowShell } from '../shadows/shadow-shell.ts'
import type { Slices } from '../slices.ts'
import type { StreamShell } from '../streams/stream-shell.ts'
import type { EndpointSettings } from './describe-endpoint.ts'
import type { PoolRole } from './policy-tests.ts'
import type { ReadDocumentSource } from './jobs-document-source.ts'

/** Services of the server and settings of its operations. */
export interface OperationServices {
  readonly account: Account
  readonly clock: Pick<Clock, 'nowMs'>
  readonly registry: Registry
  /** For work on a whole fleet. */
  readonly slices: Slices
  readonly groupBuilds: Pick<GroupBuilds, 'settle'>
  readonly broker: Broker
  readonly devices: DeviceAuthorizer
  readonly jobs: Pick<JobsShell, 'engine'>
  readonly shadows: Pick<ShadowShell, 'engine'>
  readonly streams: Pick<StreamShell, 'files' | 'ports'>
  readonly catalog: Catalog
  readonly roleAliases: RoleAliases
  readonly provisioning: Pick<ProvisioningShell, 'keyPairs' | 'tasks'>
  readonly endpoints: EndpointSettings
  /** Roles of identity pools. */
  readonly poolRole: PoolRole
  readonly readDocumentSource: ReadDocumentSource
}
