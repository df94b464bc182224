/** All operations of the server, by service. */
import { certificateAttributes } from '@muster/pki'
import type { Services } from '../services.ts'
import { billingGroupOperations } from './billing-groups.ts'
import { caCertificateOperations } from './ca-certificates.ts'
import { certificateOperations } from './certificates.ts'
import { dataPlaneOperations } from './data-plane.ts'
import { dynamicThingGroupOperations } from './dynamic-thing-groups.ts'
import { endpointOperations, type EndpointSettings } from './endpoints.ts'
import { eventConfigurationOperations } from './event-configurations.ts'
import { indexingOperations } from './indexing.ts'
import { jobsDataPlaneOperations } from './jobs-data-plane.ts'
import type { ReadDocumentSource } from './jobs-document-source.ts'
import { jobsOperations } from './jobs.ts'
import type { OperationTable } from './operation.ts'
import { policyOperations } from './policies.ts'
import { policyTestOperations } from './policy-tests.ts'
import { principalOperations } from './principals.ts'
import { provisioningTemplateOperations } from './provisioning-templates.ts'
import { registerThingOperations } from './register-thing.ts'
import { tagOperations } from './tags.ts'
import { thingGroupOperations } from './thing-groups.ts'
import { thingRegistrationTaskOperations } from './thing-registration-tasks.ts'
import { thingTypeOperations } from './thing-types.ts'
import { thingOperations } from './things.ts'

/** Joins the families; an operation that none has answers 501 with its name. */
export function operationTable(
  services: Services,
  endpoints: EndpointSettings,
  readSource: ReadDocumentSource,
): OperationTable {
  const { account, clock, registry, broker, devices, jobs, provisioning } = services
  const source = { keyPairs: provisioning.keyPairs, nowMs: () => clock.nowMs() }
  return {
    iot: {
      ...endpointOperations(endpoints),
      ...thingOperations(registry),
      ...thingTypeOperations(registry),
      ...thingGroupOperations(registry),
      ...dynamicThingGroupOperations(registry),
      ...billingGroupOperations(registry),
      ...principalOperations(registry),
      ...policyOperations(registry),
      ...policyTestOperations({ account, registry, devices, certificateAttributes }),
      ...certificateOperations(registry, source),
      ...caCertificateOperations(registry),
      ...provisioningTemplateOperations(registry, source),
      ...registerThingOperations(registry),
      ...thingRegistrationTaskOperations(registry, provisioning.tasks),
      ...jobsOperations(jobs, readSource),
      ...indexingOperations(registry, broker),
      ...tagOperations(registry),
      ...eventConfigurationOperations(registry),
    },
    iotdata: dataPlaneOperations(broker),
    'iot-jobs-data': jobsDataPlaneOperations(jobs.engine),
  }
}
