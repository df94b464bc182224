/**
 * Operations of provisioning templates and claims (gateway G106, G108).
 */
import type { CreateProvisioningClaimRequest } from '@aws-sdk/client-iot'
import { createRsaKeyPair } from '@muster/pki'
import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function provisioningTemplateOperations(registry: Registry): OperationHandlers {
  return {
    CreateProvisioningTemplate: handle(registry.createProvisioningTemplate),
    DescribeProvisioningTemplate: handle(registry.describeProvisioningTemplate),
    UpdateProvisioningTemplate: handle(registry.updateProvisioningTemplate),
    DeleteProvisioningTemplate: handle(registry.deleteProvisioningTemplate),
    ListProvisioningTemplates: handle(registry.listProvisioningTemplates),
    CreateProvisioningTemplateVersion: handle(registry.createProvisioningTemplateVersion),
    DescribeProvisioningTemplateVersion: handle(registry.describeProvisioningTemplateVersion),
    DeleteProvisioningTemplateVersion: handle(registry.deleteProvisioningTemplateVersion),
    ListProvisioningTemplateVersions: handle(registry.listProvisioningTemplateVersions),
    CreateProvisioningClaim: async ({ input, nowMs }) =>
      registry.createProvisioningClaim(
        input as unknown as CreateProvisioningClaimRequest,
        await createRsaKeyPair(),
        nowMs,
      ),
  }
}
