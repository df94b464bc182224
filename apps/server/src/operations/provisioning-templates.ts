/**
 * Operations of provisioning templates and claims (gateway G106, G108).
 */
import type { CreateProvisioningClaimRequest } from '@aws-sdk/client-iot'
import type { Registry } from '@muster/registry'
import type { KeyPairs } from '../provisioning/key-pairs.ts'
import { handle } from './handle.ts'
import { withKeyPair } from './key-pair.ts'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function provisioningTemplateOperations(
  registry: Registry,
  keyPairs: KeyPairs,
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
    CreateProvisioningClaim: withKeyPair(keyPairs, ({ input, nowMs }, keyPair) =>
      registry.createProvisioningClaim(
        input as unknown as CreateProvisioningClaimRequest,
        keyPair,
        nowMs,
      ),
    ),
  }
}
