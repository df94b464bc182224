/**
 * Provisioning templates as text: their sections taken apart and judged (gateway G109 to G112).
 */
import { accept, invalidRequest, type Outcome } from '@muster/model'
import { isObject, own, type Json, type JsonObject } from './json.ts'
import { shapeFault, type Shape } from './template-shape.ts'

/** Who a template serves: devices that connect the first time, claims, or operators. */
export type TemplateUse = 'JITP' | 'FLEET_PROVISIONING' | 'REGISTRATION'

/** The kinds of resources that a template can declare. */
export type TemplateResourceType = 'AWS::IoT::Thing' | 'AWS::IoT::Certificate' | 'AWS::IoT::Policy'

/** One resource, its properties not yet resolved. */
export interface TemplateResource {
  readonly logicalName: string
  readonly type: TemplateResourceType
  readonly properties: JsonObject
  /** Upper-case words by property name, in the spelling of the examples (gateway A20). */
  readonly overrides: ReadonlyMap<string, Override>
}

/** What happens to a property of a resource that exists already (gateway G111). */
export type Override = 'DO_NOTHING' | 'REPLACE' | 'FAIL' | 'MERGE'

/** A template taken apart. */
export interface Template {
  /** Declared parameters with their defaults. */
  readonly parameters: ReadonlyMap<string, string | undefined>
  readonly mappings: JsonObject
  readonly resources: readonly TemplateResource[]
  readonly deviceConfiguration: JsonObject
}

/** Said by AWS of a policy that is named by nothing, whichever operation is given the template. */
export const NO_POLICY: string =
  'Invalid registration template. ' +
  'Neither policyName nor policyDocument is present in the Template.'

const templateBodyMax = 10_240
const depthMax = 64
const sections = ['Parameters', 'Mappings', 'Resources', 'DeviceConfiguration']
/** Said of a template, not used by it. */
const remarks = ['AWSTemplateFormatVersion', 'Version', 'Description', 'Metadata']

const propertiesOfType: Readonly<Record<TemplateResourceType, Readonly<Record<string, Shape>>>> = {
  'AWS::IoT::Thing': {
    ThingName: 'text',
    AttributePayload: 'textMap',
    ThingTypeName: 'text',
    ThingGroups: 'list',
    BillingGroup: 'text',
  },
  'AWS::IoT::Certificate': {
    CertificateId: 'text',
    CertificateSigningRequest: 'text',
    CertificatePem: 'text',
    CACertificatePem: 'text',
    Status: 'text',
    ThingPrincipalType: 'text',
  },
  'AWS::IoT::Policy': { PolicyName: 'text', PolicyDocument: 'document' },
}

const overridesOfType: Readonly<
  Record<TemplateResourceType, Readonly<Record<string, readonly Override[]>>>
> = {
  'AWS::IoT::Thing': {
    AttributePayload: ['DO_NOTHING', 'REPLACE', 'FAIL', 'MERGE'],
    ThingTypeName: ['DO_NOTHING', 'REPLACE', 'FAIL'],
    ThingGroups: ['DO_NOTHING', 'REPLACE', 'FAIL', 'MERGE'],
  },
  'AWS::IoT::Certificate': { Status: ['DO_NOTHING', 'REPLACE', 'FAIL'] },
  'AWS::IoT::Policy': {},
}

const overrideSpellings: Readonly<Record<string, string>> = {
  ATTRIBUTE_PAYLOAD: 'AttributePayload',
  THING_TYPE_NAME: 'ThingTypeName',
  THING_GROUPS: 'ThingGroups',
  STATUS: 'Status',
}

/**
 * Takes a template apart. References are not followed yet: that needs parameters; but what no
 * parameters could make right is refused.
 *
 * @param use - fleet and just-in-time templates can name the connecting certificate alone
 * @returns InvalidRequestException naming what is wrong
 */
export function parseTemplate(body: string, use: TemplateUse): Outcome<Template> {
  if (body.length > templateBodyMax) {
    return invalidRequest(`the template is longer than ${templateBodyMax} characters`)
  }
  let json: Json
  try {
    json = JSON.parse(body) as Json
  } catch {
    return invalidRequest('Template body is not valid JSON.')
  }
  if (!isObject(json)) return invalidRequest('the template must be a JSON object')
  if (depthOf(json) > depthMax) {
    return invalidRequest(`the template is nested deeper than ${depthMax}`)
  }
  const unknown = Object.keys(json).find((key) => !sections.includes(key) && !remarks.includes(key))
  if (unknown !== undefined) return invalidRequest(`the template has an unknown section ${unknown}`)
  const parameters = parseParameters(own(json, 'Parameters'))
  if (!parameters.ok) return parameters
  const mappings = own(json, 'Mappings') ?? {}
  if (!isObject(mappings)) return invalidRequest('Mappings must be an object')
  const resources = parseResources(own(json, 'Resources'), use)
  if (!resources.ok) return resources
  const deviceConfiguration = own(json, 'DeviceConfiguration') ?? {}
  if (!isObject(deviceConfiguration)) return invalidRequest('DeviceConfiguration must be an object')
  const fault = shapeFault(deviceConfiguration, 'textMap')
  if (fault !== undefined) return invalidRequest(`DeviceConfiguration: ${fault}`)
  return accept({
    parameters: parameters.value,
    mappings,
    resources: resources.value,
    deviceConfiguration,
  })
}

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  let deepest = 0
  const pending: (readonly [Json, number])[] = [[value, 1]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next
    deepest = Math.max(deepest, depth)
    if (typeof node !== 'object' || node === null) continue
    for (const child of Object.values(node)) pending.push([child, depth + 1])
  }
  return deepest
}

function parseParameters(section: Json | undefined): Outcome<Map<string, string | undefined>> {
  const parameters = new Map<string, string | undefined>()
  if (section === undefined) return accept(parameters)
  if (!isObject(section)) return invalidRequest('Parameters must be an object')
  for (const [name, declaration] of Object.entries(section)) {
    if (!isObject(declaration) || own(declaration, 'Type') !== 'String') {
      return invalidRequest(`parameter ${name} must have Type String`)
    }
    const byDefault = own(declaration, 'Default')
    if (byDefault !== undefined && typeof byDefault !== 'string') {
      return invalidRequest(`the Default of parameter ${name} must be a string`)
    }
    parameters.set(name, byDefault)
  }
  return accept(parameters)
}

function parseResources(section: Json | undefined, use: TemplateUse): Outcome<TemplateResource[]> {
  if (section === undefined) return invalidRequest('the template has no Resources')
  if (!isObject(section)) return invalidRequest('Resources must be an object')
  const resources: TemplateResource[] = []
  for (const [logicalName, declaration] of Object.entries(section)) {
    const parsed = parseResource(logicalName, declaration, use)
    if (!parsed.ok) return parsed
    resources.push(parsed.value)
  }
  for (const type of ['AWS::IoT::Thing', 'AWS::IoT::Certificate'] as const) {
    if (resources.filter((resource) => resource.type === type).length > 1) {
      return invalidRequest(`the template has more than one ${type}`)
    }
  }
  return accept(resources)
}

function parseResource(
  logicalName: string,
  declaration: Json,
  use: TemplateUse,
): Outcome<TemplateResource> {
  if (!isObject(declaration)) return invalidRequest(`resource ${logicalName} must be an object`)
  const type = own(declaration, 'Type')
  if (!isResourceType(type)) {
    return invalidRequest(
      `resource ${logicalName} must have Type AWS::IoT::Thing, AWS::IoT::Certificate or ` +
        'AWS::IoT::Policy',
    )
  }
  const properties = own(declaration, 'Properties') ?? {}
  if (!isObject(properties)) return invalidRequest(`Properties of ${logicalName} must be an object`)
  // What a shell writes for a variable that is not set counts as nothing.
  const nothing = [undefined, null, '']
  const named = ['PolicyName', 'PolicyDocument'].map((name) => own(properties, name))
  if (type === 'AWS::IoT::Policy' && named.every((value) => nothing.includes(value as null))) {
    return invalidRequest(NO_POLICY)
  }
  const shapes = propertiesOfType[type]
  for (const [name, value] of Object.entries(properties)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
    if (shape === undefined) return invalidRequest(`${type} ${logicalName} has no property ${name}`)
    const fault = shapeFault(value, shape)
    if (fault !== undefined) return invalidRequest(`${type} ${logicalName}: ${name}: ${fault}`)
  }
  const missing = missingProperty(type, properties, use)
  if (missing !== undefined) return invalidRequest(`${type} ${logicalName} ${missing}`)
  const overrides = parseOverrides(logicalName, type, own(declaration, 'OverrideSettings'))
  if (!overrides.ok) return overrides
  return accept({ logicalName, type, properties, overrides: overrides.value })
}

function isResourceType(type: Json | undefined): type is TemplateResourceType {
  return typeof type === 'string' && Object.hasOwn(propertiesOfType, type)
}

/** What the properties of a resource lack, if anything. */
function missingProperty(
  type: TemplateResourceType,
  properties: JsonObject,
  use: TemplateUse,
): string | undefined {
  const has = (name: string): boolean => Object.hasOwn(properties, name)
  if (type === 'AWS::IoT::Thing') return has('ThingName') ? undefined : 'needs ThingName'
  if (type === 'AWS::IoT::Policy') {
    return has('PolicyName') === has('PolicyDocument')
      ? 'needs either PolicyName or PolicyDocument'
      : undefined
  }
  const sources = ['CertificateId', 'CertificateSigningRequest', 'CertificatePem'].filter(has)
  if (use !== 'REGISTRATION') {
    return sources.join() === 'CertificateId' ? undefined : 'needs CertificateId and nothing else'
  }
  if (has('CACertificatePem') && !has('CertificatePem')) return 'needs CertificatePem'
  return sources.length === 1
    ? undefined
    : 'needs one of CertificateId, CertificateSigningRequest and CertificatePem'
}

function parseOverrides(
  logicalName: string,
  type: TemplateResourceType,
  section: Json | undefined,
): Outcome<Map<string, Override>> {
  const overrides = new Map<string, Override>()
  if (section === undefined) return accept(overrides)
  if (!isObject(section)) {
    return invalidRequest(`OverrideSettings of ${logicalName} must be an object`)
  }
  for (const [spelling, value] of Object.entries(section)) {
    const name = Object.hasOwn(overrideSpellings, spelling)
      ? (overrideSpellings[spelling] ?? spelling)
      : spelling
    const allowed = Object.hasOwn(overridesOfType[type], name) ? overridesOfType[type][name] : []
    const override = allowed?.find((word) => word === value)
    if (override === undefined) {
      const shown = JSON.stringify(value).replace(/^"(.*)"$/, '$1')
      return invalidRequest(`OverrideSettings of ${logicalName}: ${spelling} cannot be ${shown}`)
    }
    overrides.set(name, override)
  }
  return accept(overrides)
}
