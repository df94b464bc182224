/**
 * Operations of provisioning templates and claims (gateway G106, G108).
 */
import type { CreateProvisioningClaimRequest } from '@aws-sdk/client-iot'
import type { Registry } from '@muster/registry'
import { handle } from './handle.ts'
import { withKeyPair, type KeyPairSource } from './key-pair.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function provisioningTemplateOperations(
  registry: Registry,
  source: KeyPairSource,
): OperationHandlers {
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
    CreateProvisioningClaim: withKeyPair(source, (input, keyPair, nowMs) =>
      registry.createProvisioningClaim(
        input as unknown as CreateProvisioningClaimRequest,
        keyPair,
        nowMs,
      ),
    ),
  }
}
