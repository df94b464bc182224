/**
 * What is wrong with a template before it is stored: everything that no parameters could make right
 * would fail for every device, long after whoever wrote it has gone (gateway G108, G109).
 */
import { invalidRequest, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import { POLICY_NAME } from '../policy/policies.ts'
import { isAttributeName, isAttributeValue, isName } from '../state/constraints.ts'
import { isList, isObject, own, type Json } from './json.ts'
import {
  certainParts,
  expressionsFault,
  literalOf,
  parameterWithoutValue,
} from './template-expression.ts'
import {
  NO_POLICY,
  parseTemplate,
  type Template,
  type TemplateResource,
  type TemplateUse,
} from './template.ts'

/** How an operation begins its refusal of a template. */
export type TemplateRefusal = 'The template body is invalid: ' | 'Invalid registration template. '

/**
 * Parses a template that is to be stored, and judges what it says for certain.
 *
 * @returns InvalidRequestException that begins with `refusal` and says what is wrong
 */
export function checkTemplate(
  state: RegistryState,
  body: string,
  use: TemplateUse,
  refusal: TemplateRefusal,
): Outcome<Template> {
  const parsed = parseTemplate(body, use)
  const fault = parsed.ok ? templateFault(state, { ...parsed.value, use }) : parsed.error.message
  if (fault === undefined) return parsed
  return invalidRequest(fault === NO_POLICY ? fault : `${refusal}${fault}`)
}

/** A template and whom it is to serve. */
type UsedTemplate = Template & { readonly use: TemplateUse }

function templateFault(state: RegistryState, template: UsedTemplate): string | undefined {
  if (!template.resources.some(({ type }) => type === 'AWS::IoT::Certificate')) {
    return 'Template must have certificate resource.'
  }
  const unset = parameterWithoutValue(template)
  if (unset !== undefined) return `parameter ${unset} can have no value`
  for (const resource of template.resources) {
    const fault = resourceFault(state, template, resource)
    if (fault !== undefined) {
      return fault === NO_POLICY ? fault : `${resource.logicalName}: ${fault}`
    }
  }
  const fault = expressionsFault(Object.values(template.deviceConfiguration), template)
  return fault === undefined ? undefined : `DeviceConfiguration: ${fault}`
}

function resourceFault(
  state: RegistryState,
  template: UsedTemplate,
  { type, properties }: TemplateResource,
): string | undefined {
  for (const [name, node] of Object.entries(properties)) {
    const expressions = name === 'AttributePayload' && isObject(node) ? Object.values(node) : [node]
    const fault =
      expressionsFault(expressions, template) ?? propertyFault(state, template, name, node)
    if (fault !== undefined) return fault
  }
  return type === 'AWS::IoT::Policy' && namesNothing(properties, template) ? NO_POLICY : undefined
}

/** Whether a policy's name or document is there and empty: what a shell writes for an unset variable. */
function namesNothing(properties: TemplateResource['properties'], template: UsedTemplate): boolean {
  const given = own(properties, 'PolicyName') ?? own(properties, 'PolicyDocument')
  return given === undefined || literalOf(given, template) === ''
}

function propertyFault(
  state: RegistryState,
  template: UsedTemplate,
  name: string,
  node: Json,
): string | undefined {
  switch (name) {
    case 'ThingName':
    case 'ThingTypeName':
    case 'BillingGroup':
      return nameFault(name, node, template)
    case 'ThingGroups':
      return (isList(node) ? node : [node])
        .map((group) => nameFault(name, group, template))
        .find((fault) => fault !== undefined)
    case 'AttributePayload':
      return attributesFault(node, template)
    case 'Status':
      return wordFault(name, upperCase(literalOf(node, template)), ['ACTIVE', 'INACTIVE'])
    case 'ThingPrincipalType': {
      const words = ['EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING']
      return wordFault(name, literalOf(node, template), words)
    }
    case 'CertificateId':
      return certificateIdFault(literalOf(node, template), template.use)
    case 'PolicyName':
      return policyNameFault(literalOf(node, template))
    case 'PolicyDocument':
      return documentFault(state, literalOf(node, template))
    default:
      return undefined
  }
}

/** A name that is wrong as it stands, or has parts that no name can have. */
function nameFault(property: string, node: Json, template: UsedTemplate): string | undefined {
  const literal = literalOf(node, template)
  const parts = certainParts(node, template)
  const wrong =
    typeof literal === 'string'
      ? !isName(literal)
      : parts.join('').length > 128 || parts.some((part) => part !== '' && !isName(part))
  return wrong ? `${property} must be 1 to 128 characters of [a-zA-Z0-9:_-]` : undefined
}

function attributesFault(node: Json, template: UsedTemplate): string | undefined {
  if (!isObject(node)) return undefined
  for (const [name, value] of Object.entries(node)) {
    const literal = literalOf(value, template)
    if (!isAttributeName(name) || (typeof literal === 'string' && !isAttributeValue(literal))) {
      return `no thing can have the attribute ${name} as it is written`
    }
  }
  return undefined
}

function certificateIdFault(literal: Json | undefined, use: TemplateUse): string | undefined {
  if (literal === undefined) return undefined
  // A fleet's certificate is made when the device asks for it: nobody can know its id before.
  const possible = use !== 'FLEET_PROVISIONING' && /^[0-9a-f]{64}$/i.test(String(literal))
  return possible ? undefined : 'CertificateId must refer to AWS::IoT::Certificate::Id'
}

function policyNameFault(literal: Json | undefined): string | undefined {
  if (literal === undefined || literal === '' || POLICY_NAME.test(String(literal))) return undefined
  return `PolicyName must be 1 to 128 of [\\w+=,.@-]`
}

function documentFault(state: RegistryState, literal: Json | undefined): string | undefined {
  if (literal === undefined || literal === '') return undefined
  const text = typeof literal === 'string' ? literal : JSON.stringify(literal)
  const fault = state.ports.policyFault?.(text)
  return fault === undefined ? undefined : `PolicyDocument: ${fault}`
}

function wordFault(
  property: string,
  literal: Json | undefined,
  words: readonly string[],
): string | undefined {
  if (literal === undefined || words.includes(String(literal))) return undefined
  return `${property} must be ${words.join(' or ')}`
}

function upperCase(literal: Json | undefined): Json | undefined {
  return typeof literal === 'string' ? literal.toUpperCase() : literal
}
