/** All operations of the server, by service: one row each. */
import type { AwsService } from '@muster/aws-protocol'
import type { Rate } from '../rate-quotas.ts'
import { rowOf, type OperationTable } from './operation-row.ts'
import { account } from './rows/account.ts'
import { billingGroups } from './rows/billing-groups.ts'
import { certificates } from './rows/certificates.ts'
import { dataPlane } from './rows/data-plane.ts'
import { indexing } from './rows/indexing.ts'
import { jobs } from './rows/jobs.ts'
import { jobsDataPlane } from './rows/jobs-data-plane.ts'
import { packages } from './rows/packages.ts'
import { policies } from './rows/policies.ts'
import { principals } from './rows/principals.ts'
import { provisioning } from './rows/provisioning.ts'
import { roleAliases } from './rows/role-aliases.ts'
import { shadows } from './rows/shadows.ts'
import { streams } from './rows/streams.ts'
import { thingGroups } from './rows/thing-groups.ts'
import { things } from './rows/things.ts'

export const operations: OperationTable = {
  iot: {
    ...account,
    ...things,
    ...thingGroups,
    ...billingGroups,
    ...principals,
    ...policies,
    ...certificates,
    ...provisioning,
    ...jobs,
    ...indexing,
    ...streams,
    ...packages,
    ...roleAliases,
  },
  iotdata: { ...dataPlane, ...shadows },
  'iot-jobs-data': jobsDataPlane,
}

/** An operation's rate quota; undefined: none. */
export function rateOf(service: AwsService, operation: string): Rate | undefined {
  return rowOf(operations, service, operation)?.rate
}
