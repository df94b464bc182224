import { accept } from '@muster/model'
import { passingRole } from '../../authorization/operator-permissions.ts'
import { provisioningTemplate } from '../../authorization/operator-resources.ts'
import { withKeyPair } from '../key-pair.ts'
import type { Operations } from '../operation-row.ts'

/** Provisioning templates, claims and bulk registration (gateway G106, G108, G113, G114). */
export const provisioning: Operations<'iot'> = {
  CreateProvisioningTemplate: {
    rule: ({ registry }) => registry.createProvisioningTemplate,
    resources: [provisioningTemplate],
    also: (_account, { provisioningRoleArn }) => passingRole(provisioningRoleArn),
  },
  DescribeProvisioningTemplate: {
    rule: ({ registry }) => registry.describeProvisioningTemplate,
    resources: [provisioningTemplate],
  },
  UpdateProvisioningTemplate: {
    rule: ({ registry }) => registry.updateProvisioningTemplate,
    resources: [provisioningTemplate],
    also: (_account, { provisioningRoleArn }) => passingRole(provisioningRoleArn),
  },
  DeleteProvisioningTemplate: {
    rule: ({ registry }) => registry.deleteProvisioningTemplate,
    resources: [provisioningTemplate],
  },
  ListProvisioningTemplates: { rule: ({ registry }) => registry.listProvisioningTemplates },
  CreateProvisioningTemplateVersion: {
    rule: ({ registry }) => registry.createProvisioningTemplateVersion,
    resources: [provisioningTemplate],
  },
  DescribeProvisioningTemplateVersion: {
    rule: ({ registry }) => registry.describeProvisioningTemplateVersion,
    resources: [provisioningTemplate],
  },
  DeleteProvisioningTemplateVersion: {
    rule: ({ registry }) => registry.deleteProvisioningTemplateVersion,
    resources: [provisioningTemplate],
  },
  ListProvisioningTemplateVersions: {
    rule: ({ registry }) => registry.listProvisioningTemplateVersions,
    resources: [provisioningTemplate],
  },
  CreateProvisioningClaim: {
    rule:
      ({ registry, provisioning: shell, clock }) =>
      (input, _nowMs, call) =>
        withKeyPair(shell.keyPairs, call, (keyPair) =>
          registry.createProvisioningClaim(input, keyPair, clock.nowMs()),
        ),
    resources: [provisioningTemplate],
  },
  RegisterThing: { rule: ({ registry }) => registry.registerThing },
  StartThingRegistrationTask: {
    rule:
      ({ registry, provisioning: { tasks } }) =>
      (input, nowMs) => {
        const started = registry.startThingRegistrationTask(input, nowMs)
        if (started.ok) tasks.wake()
        return started
      },
  },
  StopThingRegistrationTask: { rule: ({ registry }) => registry.stopThingRegistrationTask },
  DescribeThingRegistrationTask: { rule: ({ registry }) => registry.describeThingRegistrationTask },
  ListThingRegistrationTasks: { rule: ({ registry }) => registry.listThingRegistrationTasks },
  ListThingRegistrationTaskReports: {
    rule:
      ({ registry, provisioning: { tasks } }) =>
      ({ taskId, reportType = 'ERRORS' }) => {
        const found = registry.registrationTask(taskId)
        if (!found.ok) return found
        return accept({ resourceLinks: tasks.reportLinks(found.value, reportType), reportType })
      },
  },
}
