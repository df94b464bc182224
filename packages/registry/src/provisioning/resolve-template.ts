/**
 * A template and parameters together: what is to be there (gateway G109 to G112).
 */
import { accept, present, refuse, type Outcome } from '@muster/model'
import { own, type Json } from './json.ts'
import { TemplateEvaluation } from './template-function.ts'
import type { Override, Template, TemplateResource } from './template.ts'

/** A thing to be there. */
export interface WantedThing {
  readonly logicalName: string
  readonly thingName: string
  readonly thingTypeName?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly thingGroups?: readonly string[]
  readonly billingGroup?: string
  readonly overrides: ReadonlyMap<string, Override>
}

/** A certificate to be there, found, signed or registered. */
export interface WantedCertificate {
  readonly logicalName: string
  readonly certificateId?: string
  readonly certificateSigningRequest?: string
  readonly certificatePem?: string
  readonly caCertificatePem?: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly thingPrincipalType?: 'EXCLUSIVE_THING' | 'NON_EXCLUSIVE_THING'
  readonly overrides: ReadonlyMap<string, Override>
}

/** A policy to be attached: an existing one, or one with this document. */
export interface WantedPolicy {
  readonly logicalName: string
  readonly policyName?: string
  readonly policyDocument?: string
}

/** Everything that a template with these parameters asks for. */
export interface ResolvedTemplate {
  readonly thing?: WantedThing
  readonly certificate?: WantedCertificate
  readonly policies: readonly WantedPolicy[]
  readonly deviceConfiguration: Readonly<Record<string, string>>
}

/**
 * Resolves a template.
 *
 * @param parameters - as given by the caller; undeclared ones are left unused
 * @param certificateParameters - `AWS::IoT::Certificate::…`, which need no declaration
 * @returns InvalidRequestException for a declared parameter without a value, a reference to an
 *   undeclared one, or a function that cannot be resolved
 */
export function resolveTemplate(
  template: Template,
  parameters: ReadonlyMap<string, string>,
  certificateParameters: ReadonlyMap<string, string> = new Map(),
): Outcome<ResolvedTemplate> {
  const values = new Map<string, string>(certificateParameters)
  for (const [name, byDefault] of template.parameters) {
    const value = certificateParameters.get(name) ?? parameters.get(name) ?? byDefault
    if (value === undefined) return problem(`parameter ${name} has no value`)
    values.set(name, value)
  }
  const evaluation = new TemplateEvaluation({
    reference: (name) => values.get(name),
    mappings: template.mappings,
  })
  const resolved: Mutable<ResolvedTemplate> & { policies: WantedPolicy[] } = {
    policies: [],
    deviceConfiguration: {},
  }
  for (const resource of template.resources) {
    if (resource.type === 'AWS::IoT::Thing') resolved.thing = wantedThing(resource, evaluation)
    else if (resource.type === 'AWS::IoT::Policy') {
      resolved.policies.push(wantedPolicy(resource, evaluation))
    } else resolved.certificate = wantedCertificate(resource, evaluation)
    if (evaluation.problem !== undefined) {
      return problem(`${resource.logicalName}: ${evaluation.problem}`)
    }
  }
  resolved.deviceConfiguration = evaluation.textMap(template.deviceConfiguration)
  if (evaluation.problem !== undefined) {
    return problem(`DeviceConfiguration: ${evaluation.problem}`)
  }
  return accept(resolved)
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

function wantedThing(resource: TemplateResource, evaluation: TemplateEvaluation): WantedThing {
  const { logicalName, overrides } = resource
  const thingTypeName = optionalText(resource, 'ThingTypeName', evaluation)
  const billingGroup = optionalText(resource, 'BillingGroup', evaluation)
  const payload = own(resource.properties, 'AttributePayload')
  const groups = own(resource.properties, 'ThingGroups')
  return {
    logicalName,
    thingName: optionalText(resource, 'ThingName', evaluation) ?? '',
    ...present({ thingTypeName, billingGroup }),
    ...(payload === undefined ? {} : { attributes: evaluation.textMap(payload) }),
    ...(groups === undefined ? {} : { thingGroups: evaluation.list(groups) }),
    overrides,
  }
}

function wantedCertificate(
  resource: TemplateResource,
  evaluation: TemplateEvaluation,
): WantedCertificate {
  const certificateId = optionalText(resource, 'CertificateId', evaluation)
  const csr = optionalText(resource, 'CertificateSigningRequest', evaluation)
  const certificatePem = optionalText(resource, 'CertificatePem', evaluation)
  const caCertificatePem = optionalText(resource, 'CACertificatePem', evaluation)
  // Written in any case in AWS's own examples (gateway G110).
  const status = (optionalText(resource, 'Status', evaluation) ?? 'ACTIVE').toUpperCase()
  const principalType = optionalText(resource, 'ThingPrincipalType', evaluation)
  if (status !== 'ACTIVE' && status !== 'INACTIVE') {
    evaluation.fail('Status must be ACTIVE or INACTIVE')
  }
  if (
    principalType !== undefined &&
    principalType !== 'EXCLUSIVE_THING' &&
    principalType !== 'NON_EXCLUSIVE_THING'
  ) {
    evaluation.fail('ThingPrincipalType must be EXCLUSIVE_THING or NON_EXCLUSIVE_THING')
  }
  return {
    logicalName: resource.logicalName,
    ...present({ certificateId, certificateSigningRequest: csr, certificatePem, caCertificatePem }),
    status: status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    ...(principalType === undefined
      ? {}
      : {
          thingPrincipalType:
            principalType === 'EXCLUSIVE_THING' ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING',
        }),
    overrides: resource.overrides,
  }
}

/** The document may be an object or, escaped, a string (gateway G110). */
function wantedPolicy(resource: TemplateResource, evaluation: TemplateEvaluation): WantedPolicy {
  const { logicalName, properties } = resource
  const document = own(properties, 'PolicyDocument')
  if (document === undefined) {
    return { logicalName, policyName: optionalText(resource, 'PolicyName', evaluation) ?? '' }
  }
  const resolved: Json = evaluation.document(document)
  return {
    logicalName,
    policyDocument: typeof resolved === 'string' ? resolved : JSON.stringify(resolved),
  }
}

function optionalText(
  resource: TemplateResource,
  name: string,
  evaluation: TemplateEvaluation,
): string | undefined {
  const node = own(resource.properties, name)
  return node === undefined ? undefined : evaluation.text(node)
}

function problem(message: string): Outcome<never> {
  return refuse('InvalidRequestException', message)
}
