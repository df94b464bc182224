/**
 * What an authority's certificates are provisioned by when they first connect (gateway G89, G99).
 */
import type { RegistrationConfig } from '@aws-sdk/client-iot'
import { accept, present, refuse, type Outcome } from '@muster/model'
import { checkTemplate } from '../provisioning/check-template.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { RegistrationConfigRecord } from './certificate-record.ts'

/**
 * Judges a registration configuration: a template in place with the role it is provisioned by, or
 * one by name, which has a role of its own; not both.
 *
 * @returns undefined for none and for an empty one; ResourceNotFoundException for an unknown
 *   template, InvalidRequestException for a body that is no template or has no role, a template of
 *   another type, a role without a template
 */
export function registrationConfigOf(
  state: RegistryState,
  config: RegistrationConfig | undefined,
): Outcome<RegistrationConfigRecord | undefined> {
  if (config === undefined) return accept(undefined)
  const { roleArn, templateBody, templateName } = config
  if (templateBody === undefined && templateName === undefined) {
    if (roleArn === undefined) return accept(undefined)
    return refuse('InvalidRequestException', 'A roleArn needs a templateBody or a templateName')
  }
  if (templateBody !== undefined && templateName !== undefined) {
    return refuse('InvalidRequestException', 'Give templateBody or templateName, not both')
  }
  if (templateName !== undefined) {
    const template = state.provisioning.templates.get(templateName)
    if (template === undefined) {
      return refuse('ResourceNotFoundException', `The template does not exist: ${templateName}`)
    }
    if (template.type !== 'JITP') {
      return refuse('InvalidRequestException', `The template is not of type JITP: ${templateName}`)
    }
  }
  if (templateBody !== undefined) {
    if (roleArn === undefined) {
      return refuse('InvalidRequestException', 'A templateBody needs a roleArn')
    }
    const parsed = checkTemplate(state, templateBody, 'JITP', 'Invalid registration template. ')
    if (!parsed.ok) return parsed
  }
  return accept({
    ...present({ templateBody, templateName, roleArn }),
  })
}
