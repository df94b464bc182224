/**
 * Operations of provisioning templates and claims (gateway G106, G108).
 */
import type {
  CreateProvisioningClaimRequest,
  CreateProvisioningTemplateRequest,
  CreateProvisioningTemplateVersionRequest,
  DeleteProvisioningTemplateRequest,
  DeleteProvisioningTemplateVersionRequest,
  DescribeProvisioningTemplateRequest,
  DescribeProvisioningTemplateVersionRequest,
  ListProvisioningTemplateVersionsRequest,
  ListProvisioningTemplatesRequest,
  UpdateProvisioningTemplateRequest,
} from '@aws-sdk/client-iot'
import { createRsaKeyPair } from '@muster/pki'
import type { Registry } from '@muster/registry'
import type { OperationHandlers } from './operation.ts'

/** Handlers of this family. */
export function provisioningTemplateOperations(registry: Registry): OperationHandlers {
  return {
    CreateProvisioningTemplate: ({ input, nowMs }) =>
      registry.createProvisioningTemplate(
        input as unknown as CreateProvisioningTemplateRequest,
        nowMs,
      ),
    DescribeProvisioningTemplate: ({ input, nowMs }) =>
      registry.describeProvisioningTemplate(
        input as unknown as DescribeProvisioningTemplateRequest,
        nowMs,
      ),
    UpdateProvisioningTemplate: ({ input, nowMs }) =>
      registry.updateProvisioningTemplate(
        input as unknown as UpdateProvisioningTemplateRequest,
        nowMs,
      ),
    DeleteProvisioningTemplate: ({ input, nowMs }) =>
      registry.deleteProvisioningTemplate(
        input as unknown as DeleteProvisioningTemplateRequest,
        nowMs,
      ),
    ListProvisioningTemplates: ({ input, nowMs }) =>
      registry.listProvisioningTemplates(
        input as unknown as ListProvisioningTemplatesRequest,
        nowMs,
      ),
    CreateProvisioningTemplateVersion: ({ input, nowMs }) =>
      registry.createProvisioningTemplateVersion(
        input as unknown as CreateProvisioningTemplateVersionRequest,
        nowMs,
      ),
    DescribeProvisioningTemplateVersion: ({ input, nowMs }) =>
      registry.describeProvisioningTemplateVersion(
        input as unknown as DescribeProvisioningTemplateVersionRequest,
        nowMs,
      ),
    DeleteProvisioningTemplateVersion: ({ input, nowMs }) =>
      registry.deleteProvisioningTemplateVersion(
        input as unknown as DeleteProvisioningTemplateVersionRequest,
        nowMs,
      ),
    ListProvisioningTemplateVersions: ({ input, nowMs }) =>
      registry.listProvisioningTemplateVersions(
        input as unknown as ListProvisioningTemplateVersionsRequest,
        nowMs,
      ),
    CreateProvisioningClaim: async ({ input, nowMs }) =>
      registry.createProvisioningClaim(
        input as unknown as CreateProvisioningClaimRequest,
        await createRsaKeyPair(),
        nowMs,
      ),
  }
}
