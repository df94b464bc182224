/**
 * Versions of provisioning templates (gateway G108).
 */
import type {
  CreateProvisioningTemplateVersionRequest,
  CreateProvisioningTemplateVersionResponse,
  DeleteProvisioningTemplateVersionRequest,
  DescribeProvisioningTemplateVersionRequest,
  DescribeProvisioningTemplateVersionResponse,
  ListProvisioningTemplateVersionsRequest,
  ListProvisioningTemplateVersionsResponse,
} from '@aws-sdk/client-iot'
import { accept, iotArn, refuse, type Outcome } from '@muster/model'
import { page } from '../paging/page.ts'
import { notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { checkTemplate } from './check-template.ts'
import type { ProvisioningTemplateRecord, TemplateVersionRecord } from './provisioning-record.ts'
import { findTemplate } from './provisioning-template.ts'

const versionsMax = 5

/**
 * CreateProvisioningTemplateVersion, the default one when asked.
 *
 * ResourceNotFoundException, VersionsLimitExceededException for the sixth,
 * InvalidRequestException for a body that is no template.
 */
export function createProvisioningTemplateVersion(
  state: RegistryState,
  input: CreateProvisioningTemplateVersionRequest,
  nowMs: number,
): Outcome<CreateProvisioningTemplateVersionResponse> {
  const found = findTemplate(state, input.templateName)
  if (!found.ok) return found
  const record = found.value
  const { templateBody = '', setAsDefault = false } = input
  const parsed = checkTemplate(state, templateBody, record.type, 'The template body is invalid: ')
  if (!parsed.ok) return parsed
  if (record.versions.length >= versionsMax) {
    return refuse(
      'VersionsLimitExceededException',
      `Template ${record.templateName} already has ${versionsMax} versions`,
    )
  }
  const versionId = record.nextVersionId
  state.provisioning.templates.set(record.templateName, {
    ...record,
    modifiedAtMs: nowMs,
    defaultVersionId: setAsDefault ? versionId : record.defaultVersionId,
    nextVersionId: versionId + 1,
    versions: [...record.versions, { versionId, templateBody, createdAtMs: nowMs }],
  })
  return accept({
    templateArn: iotArn(state.ports.account, 'provisioningtemplate', record.templateName),
    templateName: record.templateName,
    versionId,
    isDefaultVersion: setAsDefault,
  })
}

/** DescribeProvisioningTemplateVersion; ResourceNotFoundException. */
export function describeProvisioningTemplateVersion(
  state: RegistryState,
  input: DescribeProvisioningTemplateVersionRequest,
): Outcome<DescribeProvisioningTemplateVersionResponse> {
  const found = findVersion(state, input.templateName, input.versionId)
  if (!found.ok) return found
  const { template, version } = found.value
  return accept({
    versionId: version.versionId,
    creationDate: new Date(version.createdAtMs),
    templateBody: version.templateBody,
    isDefaultVersion: version.versionId === template.defaultVersionId,
  })
}

/**
 * DeleteProvisioningTemplateVersion; DeleteConflictException for the default one,
 * ResourceNotFoundException.
 */
export function deleteProvisioningTemplateVersion(
  state: RegistryState,
  input: DeleteProvisioningTemplateVersionRequest,
  nowMs: number,
): Outcome<object> {
  const found = findVersion(state, input.templateName, input.versionId)
  if (!found.ok) return found
  const { template, version } = found.value
  if (version.versionId === template.defaultVersionId) {
    return refuse('DeleteConflictException', 'The default version of a template cannot be deleted')
  }
  state.provisioning.templates.set(template.templateName, {
    ...template,
    modifiedAtMs: nowMs,
    versions: template.versions.filter((other) => other.versionId !== version.versionId),
  })
  return accept({})
}

/** ListProvisioningTemplateVersions, oldest first; ResourceNotFoundException. */
export function listProvisioningTemplateVersions(
  state: RegistryState,
  input: ListProvisioningTemplateVersionsRequest,
): Outcome<ListProvisioningTemplateVersionsResponse> {
  const found = findTemplate(state, input.templateName)
  if (!found.ok) return found
  const { defaultVersionId, templateName, versions } = found.value
  const byId = new Map(versions.map((version) => [String(version.versionId), version]))
  const paged = page(
    {
      scope: `ListProvisioningTemplateVersions/${templateName}`,
      token: input.nextToken,
      size: input.maxResults,
    },
    (last) => [...byId.keys()].filter((id) => last === undefined || Number(id) > Number(last)),
    (id) => {
      const version = byId.get(id)
      if (version === undefined) return undefined
      const { createdAtMs, versionId } = version
      return {
        versionId,
        creationDate: new Date(createdAtMs),
        isDefaultVersion: versionId === defaultVersionId,
      }
    },
  )
  if (!paged.ok) return paged
  const { items, next } = paged.value
  return accept({ versions: items, ...(next === undefined ? {} : { nextToken: next }) })
}

function findVersion(
  state: RegistryState,
  templateName: string | undefined,
  versionId: number | undefined,
): Outcome<{ template: ProvisioningTemplateRecord; version: TemplateVersionRecord }> {
  const found = findTemplate(state, templateName)
  if (!found.ok) return found
  const template = found.value
  const version = template.versions.find((candidate) => candidate.versionId === versionId)
  if (version === undefined)
    return notFound(`Version ${versionId} of template ${templateName ?? ''} cannot be found.`)
  return accept({ template, version })
}
