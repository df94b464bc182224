/**
 * Constraints of the operations that this server may serve, by service. A structure that is not
 * listed has none beyond its types and required members.
 */
import type { ServiceConstraints } from '../constraint.ts'
import type { AwsService } from '../service.ts'
import { certificates } from './certificates.ts'
import { dataPlane } from './data-plane.ts'
import { domains } from './domains.ts'
import { jobs } from './jobs.ts'
import { jobsDataPlane } from './jobs-data-plane.ts'
import { packages } from './packages.ts'
import { policies } from './policies.ts'
import { provisioning } from './provisioning.ts'
import { roleAliases } from './role-aliases.ts'
import { search } from './search.ts'
import { streams } from './streams.ts'
import { thingGroups } from './thing-groups.ts'
import { things } from './things.ts'

export const constraints: { readonly [Service in AwsService]: ServiceConstraints<Service> } = {
  iot: {
    ...things,
    ...thingGroups,
    ...search,
    ...policies,
    ...certificates,
    ...provisioning,
    ...jobs,
    ...domains,
    ...streams,
    ...packages,
    ...roleAliases,
  },
  iotdata: dataPlane,
  'iot-jobs-data': jobsDataPlane,
}
