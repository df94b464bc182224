/**
 * What an operator's call needs: actions on resources, all of which must be allowed (authz J1 to
 * J15, D10). Reads the request only; whether a resource exists is none of its business.
 */
import { iotArn, type Account } from '@muster/model'

/** Input of an operation, checked against its model. */
export type OperatorInput = Readonly<Record<string, unknown>>

/** One action on one resource, with the context keys it brings. */
export interface Permission {
  readonly action: string
  /** ARN, or `*`. */
  readonly resource: string
  readonly keys?: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** An operation of one of the services. */
export interface OperatorOperation {
  readonly service: 'iot' | 'iotdata' | 'iot-jobs-data'
  readonly operation: string
  readonly input: OperatorInput
}

/** Every permission a call needs, at least one. */
export function neededPermissions(
  account: Account,
  { service, operation, input }: OperatorOperation,
): readonly Permission[] {
  if (service === 'iot-jobs-data') return jobsDataPermissions(account, operation, input)
  if (service === 'iotdata') return dataPermissions(account, operation, input)
  const action = `iot:${operation}`
  const resources = [...new Set(resourcesOf(account, operation, input))]
  const keys = controlPlaneKeys(account, operation, input)
  const own = (resources.length === 0 ? ['*'] : resources).map((resource) => ({
    action,
    resource,
    keys,
  }))
  return [...own, ...dependentPermissions(account, operation, input)]
}

/** ARNs in a request member, or made from it. */
type ResourceRule = (account: Account, input: OperatorInput) => readonly string[]

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : []
}

/** `type/<member>`; the member may be a list. */
function named(type: Parameters<typeof iotArn>[1], member: string): ResourceRule {
  return (account, input) => strings(input[member]).map((name) => iotArn(account, type, name))
}

/** A member that holds ARNs; what is no ARN (a Cognito identity) is no resource. */
function arns(member: string): ResourceRule {
  return (_account, input) => strings(input[member]).filter((text) => text.startsWith('arn:'))
}

/** A name, or instead of it an ARN. */
function namedOrArn(
  type: Parameters<typeof iotArn>[1],
  nameMember: string,
  arnMember: string,
): ResourceRule {
  const byName = named(type, nameMember)
  const byArn = arns(arnMember)
  return (account, input) => [...new Set([...byName(account, input), ...byArn(account, input)])]
}

/** Fleet index; unnamed means things. */
const index: ResourceRule = (account, input) => [
  iotArn(account, 'index', strings(input['indexName'])[0] ?? 'AWS_Things'),
]

const packageVersion: ResourceRule = (account, input) =>
  strings(input['packageName']).flatMap((name) =>
    strings(input['versionName']).map((version) =>
      iotArn(account, 'package', `${name}/version/${version}`),
    ),
  )

const thing = named('thing', 'thingName')
const thingGroup = named('thinggroup', 'thingGroupName')
const thingType = named('thingtype', 'thingTypeName')
const billingGroup = named('billinggroup', 'billingGroupName')
const certificate = named('cert', 'certificateId')
const caCertificate = named('cacert', 'certificateId')
const policy = named('policy', 'policyName')
const job = named('job', 'jobId')
const jobTemplate = named('jobtemplate', 'jobTemplateId')
const managedJobTemplate = named('jobtemplate', 'templateName')
const provisioningTemplate = named('provisioningtemplate', 'templateName')
const softwarePackage = named('package', 'packageName')
const target = arns('target')
const principal = arns('principal')
const resourceArn = arns('resourceArn')

/** Operations whose permission is on resources; those not here are on `*`. */
const resourceRules: Readonly<Record<string, readonly ResourceRule[]>> = {
  // J1 to J8; the template, packages and targets only where the request names them (X16).
  CreateJob: [job, arns('targets'), arns('jobTemplateArn'), arns('destinationPackageVersions')],
  CreateJobTemplate: [jobTemplate, arns('jobArn'), arns('destinationPackageVersions')],
  AssociateTargetsWithJob: [job, arns('targets')],
  CancelJobExecution: [job, thing],
  DeleteJobExecution: [job, thing],
  CancelJob: [job],
  DeleteJob: [job],
  DescribeJob: [job],
  GetJobDocument: [job],
  UpdateJob: [job],
  ListJobExecutionsForJob: [job],
  DescribeJobExecution: [job, thing],
  DeleteJobTemplate: [jobTemplate],
  DescribeJobTemplate: [jobTemplate],
  DescribeManagedJobTemplate: [managedJobTemplate],
  ListJobExecutionsForThing: [thing],

  // Things and types.
  CreateThing: [thing, billingGroup],
  UpdateThing: [thing],
  DeleteThing: [thing],
  DescribeThing: [thing],
  GetThingConnectivityData: [thing],
  ListThingPrincipals: [thing],
  ListThingPrincipalsV2: [thing],
  ListThingGroupsForThing: [thing],
  CreateThingType: [thingType],
  UpdateThingType: [thingType],
  DeleteThingType: [thingType],
  DeprecateThingType: [thingType],
  DescribeThingType: [thingType],

  // Groups.
  CreateThingGroup: [thingGroup, named('thinggroup', 'parentGroupName')],
  CreateDynamicThingGroup: [thingGroup, named('index', 'indexName')],
  UpdateThingGroup: [thingGroup],
  UpdateDynamicThingGroup: [thingGroup, named('index', 'indexName')],
  DeleteThingGroup: [thingGroup],
  DeleteDynamicThingGroup: [thingGroup],
  DescribeThingGroup: [thingGroup],
  ListThingsInThingGroup: [thingGroup],
  AddThingToThingGroup: [
    namedOrArn('thing', 'thingName', 'thingArn'),
    namedOrArn('thinggroup', 'thingGroupName', 'thingGroupArn'),
  ],
  RemoveThingFromThingGroup: [
    namedOrArn('thing', 'thingName', 'thingArn'),
    namedOrArn('thinggroup', 'thingGroupName', 'thingGroupArn'),
  ],
  UpdateThingGroupsForThing: [
    thing,
    named('thinggroup', 'thingGroupsToAdd'),
    named('thinggroup', 'thingGroupsToRemove'),
  ],
  CreateBillingGroup: [billingGroup],
  UpdateBillingGroup: [billingGroup],
  DeleteBillingGroup: [billingGroup],
  DescribeBillingGroup: [billingGroup],
  ListThingsInBillingGroup: [billingGroup],
  AddThingToBillingGroup: [
    namedOrArn('thing', 'thingName', 'thingArn'),
    namedOrArn('billinggroup', 'billingGroupName', 'billingGroupArn'),
  ],
  RemoveThingFromBillingGroup: [
    namedOrArn('thing', 'thingName', 'thingArn'),
    namedOrArn('billinggroup', 'billingGroupName', 'billingGroupArn'),
  ],

  // Policies and principals (J12).
  CreatePolicy: [policy],
  CreatePolicyVersion: [policy],
  SetDefaultPolicyVersion: [policy],
  GetPolicy: [policy],
  GetPolicyVersion: [policy],
  ListPolicyVersions: [policy],
  DeletePolicy: [policy],
  DeletePolicyVersion: [policy],
  ListTargetsForPolicy: [policy],
  ListPolicyPrincipals: [policy],
  AttachPolicy: [target],
  DetachPolicy: [target],
  ListAttachedPolicies: [target],
  AttachPrincipalPolicy: [principal],
  DetachPrincipalPolicy: [principal],
  ListPrincipalPolicies: [principal],
  ListPrincipalThings: [principal],
  ListPrincipalThingsV2: [principal],
  AttachThingPrincipal: [principal],
  DetachThingPrincipal: [principal],
  GetEffectivePolicies: [principal],
  TestAuthorization: [principal],

  // Certificates.
  DescribeCertificate: [certificate],
  UpdateCertificate: [certificate],
  DeleteCertificate: [certificate],
  TransferCertificate: [certificate],
  AcceptCertificateTransfer: [certificate],
  RejectCertificateTransfer: [certificate],
  CancelCertificateTransfer: [certificate],
  DescribeCACertificate: [caCertificate],
  UpdateCACertificate: [caCertificate],
  DeleteCACertificate: [caCertificate],

  // Provisioning.
  CreateProvisioningTemplate: [provisioningTemplate],
  UpdateProvisioningTemplate: [provisioningTemplate],
  DeleteProvisioningTemplate: [provisioningTemplate],
  DescribeProvisioningTemplate: [provisioningTemplate],
  CreateProvisioningTemplateVersion: [provisioningTemplate],
  DeleteProvisioningTemplateVersion: [provisioningTemplate],
  DescribeProvisioningTemplateVersion: [provisioningTemplate],
  ListProvisioningTemplateVersions: [provisioningTemplate],
  CreateProvisioningClaim: [provisioningTemplate],

  // Fleet index.
  DescribeIndex: [index],
  SearchIndex: [index],
  GetStatistics: [index],
  GetPercentiles: [index],
  GetCardinality: [index],
  GetBucketsAggregation: [index],

  // Packages.
  CreatePackage: [softwarePackage],
  UpdatePackage: [softwarePackage],
  DeletePackage: [softwarePackage],
  GetPackage: [softwarePackage],
  ListPackageVersions: [softwarePackage],
  CreatePackageVersion: [softwarePackage, packageVersion],
  UpdatePackageVersion: [softwarePackage, packageVersion],
  DeletePackageVersion: [softwarePackage, packageVersion],
  GetPackageVersion: [softwarePackage, packageVersion],

  // Tags.
  TagResource: [resourceArn],
  UntagResource: [resourceArn],
  ListTagsForResource: [resourceArn],
}

function resourcesOf(account: Account, operation: string, input: OperatorInput): readonly string[] {
  if (!Object.hasOwn(resourceRules, operation)) return []
  return (resourceRules[operation] ?? []).flatMap((rule) => rule(account, input))
}

/** authz J12, J13. */
function controlPlaneKeys(
  account: Account,
  operation: string,
  input: OperatorInput,
): NonNullable<Permission['keys']> {
  const keys: Record<string, string | readonly string[]> = { ...requestTags(input) }
  if (operation === 'AttachThingPrincipal' || operation === 'DetachThingPrincipal') {
    keys['iot:thingArn'] = thing(account, input)[0] ?? ''
  }
  return keys
}

/** `aws:RequestTag/…` and `aws:TagKeys`. */
function requestTags(input: OperatorInput): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {}
  const names: string[] = [...strings(input['tagKeys'])]
  const tags = Array.isArray(input['tags']) ? (input['tags'] as readonly unknown[]) : []
  for (const tag of tags) {
    const { Key, Value } = tag as { readonly Key?: unknown; readonly Value?: unknown }
    if (typeof Key !== 'string') continue
    names.push(Key)
    keys[`aws:RequestTag/${Key}`] = typeof Value === 'string' ? Value : ''
  }
  if (names.length > 0) keys['aws:TagKeys'] = names
  return keys
}

/** Operations that also pass a role on: where the request names it. */
const passedRoles: Readonly<Record<string, (input: OperatorInput) => unknown>> = {
  CreateJob: (input) => (input['presignedUrlConfig'] as OperatorInput | undefined)?.['roleArn'],
  CreateJobTemplate: (input) =>
    (input['presignedUrlConfig'] as OperatorInput | undefined)?.['roleArn'],
  CreateProvisioningTemplate: (input) => input['provisioningRoleArn'],
  UpdateProvisioningTemplate: (input) => input['provisioningRoleArn'],
}

/** authz J10: tagging and passing a role need permissions of their own. */
function dependentPermissions(
  account: Account,
  operation: string,
  input: OperatorInput,
): readonly Permission[] {
  const permissions: Permission[] = []
  const tags = requestTags(input)
  if ((operation === 'CreateJob' || operation === 'CreateJobTemplate') && 'aws:TagKeys' in tags) {
    const created = operation === 'CreateJob' ? job : jobTemplate
    const resource = created(account, input)[0] ?? '*'
    permissions.push({ action: 'iot:TagResource', resource, keys: tags })
  }
  const role = Object.hasOwn(passedRoles, operation) ? passedRoles[operation]?.(input) : undefined
  if (typeof role === 'string' && role !== '') {
    const keys = { 'iam:PassedToService': 'iot.amazonaws.com' }
    permissions.push({ action: 'iam:PassRole', resource: role, keys })
  }
  return permissions
}

/** authz D7, D11, D12. */
function jobsDataPermissions(
  account: Account,
  operation: string,
  input: OperatorInput,
): readonly Permission[] {
  const resource = thing(account, input)[0] ?? '*'
  const keys = { 'iot:JobId': strings(input['jobId'])[0] }
  return [{ action: `iotjobsdata:${operation}`, resource, keys }]
}

/** authz D2 to D6, D9, D15, I1. */
function dataPermissions(
  account: Account,
  operation: string,
  input: OperatorInput,
): readonly Permission[] {
  const action = `iot:${operation}`
  const topic = named('topic', 'topic')(account, input)[0] ?? '*'
  const client = named('client', 'clientId')(account, input)[0] ?? '*'
  switch (operation) {
    case 'Publish':
      return input['retain'] === true
        ? [
            { action, resource: topic },
            { action: 'iot:RetainPublish', resource: topic },
          ]
        : [{ action, resource: topic }]
    case 'GetRetainedMessage':
      return [{ action, resource: topic }]
    case 'GetThingShadow':
    case 'UpdateThingShadow':
    case 'DeleteThingShadow': {
      const shadow = strings(input['shadowName'])[0]
      const resource = thing(account, input)[0] ?? '*'
      return [{ action, resource: shadow === undefined ? resource : `${resource}/${shadow}` }]
    }
    case 'ListNamedShadowsForThing':
      return [{ action, resource: thing(account, input)[0] ?? '*' }]
    case 'GetConnection': {
      const included = String(input['includeSocketInformation'] === true)
      return [{ action, resource: client, keys: { 'iot:IncludeSocketInformation': included } }]
    }
    case 'SendDirectMessage':
      return [{ action, resource: client, keys: { 'iot:Topic': strings(input['topic'])[0] } }]
    case 'DeleteConnection':
    case 'ListSubscriptions':
      return [{ action, resource: client }]
    default:
      return [{ action, resource: '*' }]
  }
}
