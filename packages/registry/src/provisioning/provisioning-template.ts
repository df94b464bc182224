/**
 * Provisioning templates (gateway G108).
 */
import type {
  CreateProvisioningTemplateRequest,
  CreateProvisioningTemplateResponse,
  DeleteProvisioningTemplateRequest,
  DescribeProvisioningTemplateRequest,
  DescribeProvisioningTemplateResponse,
  ListProvisioningTemplatesRequest,
  ListProvisioningTemplatesResponse,
  ProvisioningHook,
  ProvisioningTemplateSummary,
  UpdateProvisioningTemplateRequest,
} from '@aws-sdk/client-iot'
import { accept, invalidRequest, iotArn, present, refuse, type Outcome } from '@muster/model'
import { page } from '../paging/page.ts'
import { notFound } from '../state/absent.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { checkNewTags, putTags } from '../tag/tags.ts'
import type { ProvisioningHookRecord, ProvisioningTemplateRecord } from './provisioning-record.ts'
import { checkTemplate } from './check-template.ts'

const templatesMax = 256
const templateName = /^[0-9A-Za-z_-]{1,36}$/
const hookPayloadVersion = '2020-04-01'

/**
 * CreateProvisioningTemplate: version 1 is the default; disabled unless asked otherwise.
 *
 * ResourceAlreadyExistsException, LimitExceededException for the 257th, InvalidRequestException
 * for a body that is no template or can never work, and for a hook of a template of type JITP.
 */
export function createProvisioningTemplate(
  state: RegistryState,
  input: CreateProvisioningTemplateRequest,
  nowMs: number,
): Outcome<CreateProvisioningTemplateResponse> {
  const { templateName: name = '', templateBody = '', type = 'FLEET_PROVISIONING' } = input
  if (!templateName.test(name)) {
    return invalidRequest('templateName must be 1 to 36 of [0-9A-Za-z_-]')
  }
  const templateArn = iotArn(state.ports.account, 'provisioningtemplate', name)
  const { templates } = state.provisioning
  if (templates.has(name)) {
    return refuse('ResourceAlreadyExistsException', `Template with name ${name} already exists`, {
      resourceId: name,
      resourceArn: templateArn,
    })
  }
  if (templates.size >= templatesMax) {
    return refuse('LimitExceededException', `At most ${templatesMax} templates are allowed`)
  }
  const parsed = checkTemplate(state, templateBody, type, 'The template body is invalid: ')
  if (!parsed.ok) return parsed
  const bad = checkNewTags(input.tags)
  if (bad !== undefined) return bad
  const hook = hookOf(input.preProvisioningHook, type)
  if (!hook.ok) return hook
  const record: ProvisioningTemplateRecord = {
    templateName: name,
    type,
    ...present({ description: input.description }),
    enabled: input.enabled === true,
    provisioningRoleArn: input.provisioningRoleArn ?? '',
    ...present({ preProvisioningHook: hook.value }),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    defaultVersionId: 1,
    nextVersionId: 2,
    versions: [{ versionId: 1, templateBody, createdAtMs: nowMs }],
  }
  templates.set(name, record)
  putTags(state, templateArn, input.tags)
  return accept({ templateArn, templateName: name, defaultVersionId: 1 })
}

/** DescribeProvisioningTemplate with the body of the default version; ResourceNotFoundException. */
export function describeProvisioningTemplate(
  state: RegistryState,
  input: DescribeProvisioningTemplateRequest,
): Outcome<DescribeProvisioningTemplateResponse> {
  const found = findTemplate(state, input.templateName)
  if (!found.ok) return found
  const record = found.value
  const { description, preProvisioningHook } = record
  return accept({
    templateArn: iotArn(state.ports.account, 'provisioningtemplate', record.templateName),
    templateName: record.templateName,
    ...present({ description }),
    creationDate: new Date(record.createdAtMs),
    lastModifiedDate: new Date(record.modifiedAtMs),
    defaultVersionId: record.defaultVersionId,
    templateBody: defaultTemplateBody(record),
    enabled: record.enabled,
    provisioningRoleArn: record.provisioningRoleArn,
    ...present({ preProvisioningHook }),
    type: record.type,
  })
}

/**
 * UpdateProvisioningTemplate; name, type and bodies stay.
 *
 * ResourceNotFoundException for an absent template, InvalidRequestException for an absent version,
 * a hook of a template of type JITP or contradictory members.
 */
export function updateProvisioningTemplate(
  state: RegistryState,
  input: UpdateProvisioningTemplateRequest,
  nowMs: number,
): Outcome<object> {
  const found = findTemplate(state, input.templateName)
  if (!found.ok) return found
  const { preProvisioningHook, ...record } = found.value
  const { defaultVersionId = record.defaultVersionId } = input
  if (!record.versions.some((version) => version.versionId === defaultVersionId)) {
    return invalidRequest(`template ${record.templateName} has no version ${defaultVersionId}`)
  }
  const hook = hookOf(input.preProvisioningHook, record.type)
  if (!hook.ok) return hook
  const removes = input.removePreProvisioningHook === true
  if (removes && hook.value !== undefined) {
    return invalidRequest('preProvisioningHook and removePreProvisioningHook exclude each other')
  }
  const kept = removes ? undefined : (hook.value ?? preProvisioningHook)
  state.provisioning.templates.set(record.templateName, {
    ...record,
    ...present({ description: input.description, preProvisioningHook: kept }),
    enabled: input.enabled ?? record.enabled,
    provisioningRoleArn: input.provisioningRoleArn ?? record.provisioningRoleArn,
    defaultVersionId,
    modifiedAtMs: nowMs,
  })
  return accept({})
}

/** DeleteProvisioningTemplate with all versions; ResourceNotFoundException. */
export function deleteProvisioningTemplate(
  state: RegistryState,
  input: DeleteProvisioningTemplateRequest,
): Outcome<object> {
  const found = findTemplate(state, input.templateName)
  if (!found.ok) return found
  const { templateName: name } = found.value
  for (const authority of state.certificates.caCertificates.values()) {
    if (authority.registrationConfig?.templateName === name) {
      return refuse(
        'DeleteConflictException',
        `Template ${name} is used by CA certificate ${authority.certificateId}`,
      )
    }
  }
  state.provisioning.templates.delete(name)
  state.tags.byArn.delete(iotArn(state.ports.account, 'provisioningtemplate', name))
  return accept({})
}

/** ListProvisioningTemplates by name; InvalidRequestException for a bad page. */
export function listProvisioningTemplates(
  state: RegistryState,
  input: ListProvisioningTemplatesRequest,
): Outcome<ListProvisioningTemplatesResponse> {
  const { templates, templateNames } = state.provisioning
  const paged = page<ProvisioningTemplateSummary>(
    { scope: 'ListProvisioningTemplates', token: input.nextToken, size: input.maxResults },
    (last) => templateNames.after(last),
    (name) => {
      const record = templates.get(name)
      return record === undefined ? undefined : summary(state, record)
    },
  )
  if (!paged.ok) return paged
  const { items, next } = paged.value
  return accept({ templates: items, ...(next === undefined ? {} : { nextToken: next }) })
}

/** The template, or ResourceNotFoundException. */
export function findTemplate(
  state: RegistryState,
  name: string | undefined,
): Outcome<ProvisioningTemplateRecord> {
  const record = state.provisioning.templates.get(name ?? '')
  return record === undefined
    ? notFound(`Unable to find template named ${name ?? ''}`)
    : accept(record)
}

/** Body of the version in force. */
export function defaultTemplateBody(record: ProvisioningTemplateRecord): string {
  const inForce = record.versions.find((version) => version.versionId === record.defaultVersionId)
  return inForce?.templateBody ?? ''
}

/** A summary never has the description. */
function summary(
  state: RegistryState,
  record: ProvisioningTemplateRecord,
): ProvisioningTemplateSummary {
  return {
    templateArn: iotArn(state.ports.account, 'provisioningtemplate', record.templateName),
    templateName: record.templateName,
    creationDate: new Date(record.createdAtMs),
    lastModifiedDate: new Date(record.modifiedAtMs),
    enabled: record.enabled,
    type: record.type,
  }
}

/** Fleet provisioning alone asks a hook (gateway G107). */
function hookOf(
  hook: ProvisioningHook | undefined,
  type: ProvisioningTemplateRecord['type'],
): Outcome<ProvisioningHookRecord | undefined> {
  if (hook === undefined) return accept(undefined)
  if (type !== 'FLEET_PROVISIONING') {
    return invalidRequest(`a template of type ${type} can have no preProvisioningHook`)
  }
  const { payloadVersion = hookPayloadVersion, targetArn = '' } = hook
  if (payloadVersion !== hookPayloadVersion) {
    return invalidRequest(`payloadVersion of a hook must be ${hookPayloadVersion}`)
  }
  if (targetArn === '') return invalidRequest('a preProvisioningHook needs targetArn')
  return accept({ payloadVersion, targetArn })
}
