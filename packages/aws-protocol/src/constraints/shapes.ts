/**
 * Constraints on the simple types of the `iot` service, named as AWS names the types.
 */
import type { Constraint } from '../constraint.ts'
import { anyOf, list, map, real, text, whole } from './build.ts'

export const abortAction: Constraint = anyOf('CANCEL')
export const abortCriteriaList: Constraint = list(1, Infinity)
export const abortThresholdPercentage: Constraint = real(-Infinity, 100)
export const actionType: Constraint = anyOf('PUBLISH', 'SUBSCRIBE', 'RECEIVE', 'CONNECT')
export const attributeName: Constraint = text(0, 128, /^[a-zA-Z0-9_.,@/:#-]+$/u)
export const attributeValue: Constraint = text(
  0,
  800,
  /^[a-zA-Z0-9_.,@/:#=[\]-]*$/u,
  String.raw`[a-zA-Z0-9_.,@/:#=\[\]-]*`,
)
export const attributes: Constraint = map(0, Infinity, attributeName, attributeValue)
export const authInfos: Constraint = list(1, 10)
export const autoRegistrationStatus: Constraint = anyOf('ENABLE', 'DISABLE')
export const awsAccountId: Constraint = text(12, 12, /^[0-9]+$/u)
export const billingGroupDescription: Constraint = text(
  0,
  2028,
  /^[\x21-\x7e\x20]*$/u,
  String.raw`[\p{Graph}\x20]*`,
)
export const billingGroupName: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
export const cACertificateStatus: Constraint = anyOf('ACTIVE', 'INACTIVE')
export const certificateId: Constraint = text(64, 64, /^(0x)?[a-fA-F0-9]+$/u)
export const certificateMode: Constraint = anyOf('DEFAULT', 'SNI_ONLY')
export const certificatePem: Constraint = text(1, 65536)
export const certificateSigningRequest: Constraint = text(1, 4096)
export const certificateStatus: Constraint = anyOf(
  'ACTIVE',
  'INACTIVE',
  'REVOKED',
  'PENDING_TRANSFER',
  'REGISTER_INACTIVE',
  'PENDING_ACTIVATION',
)
export const comment: Constraint = text(0, 2028, /^[^\p{C}]+$/u)
export const connectionAttributeName: Constraint = text(0, 128, /^[a-zA-Z0-9:.]+$/u)
export const connectivityApiThingName: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
export const cronExpression: Constraint = text(1, 256)
export const packageVersionArn: Constraint = text(1, 1600, /^arn:[!-~]+$/u, '^arn:[!-~]+$')
export const destinationPackageVersions: Constraint = list(0, Infinity, packageVersionArn)
export const detailsKey: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
/** Tab and line ends pass, which device clients send (jobs D18). */
export const detailsValue: Constraint = text(
  1,
  Infinity,
  /^[\t\n\r\P{C}]+$/u,
  String.raw`[^\p{C}]+`,
)
export const detailsMap: Constraint = map(0, Infinity, detailsKey, detailsValue)
export const deviceDefenderIndexingMode: Constraint = anyOf('VIOLATIONS', 'OFF')
export const reservedDomainConfigurationName: Constraint = text(1, 128, /^[\w.:-]+$/u)
export const serviceType: Constraint = anyOf('DATA', 'CREDENTIAL_PROVIDER', 'JOBS')
export const durationInMinutes: Constraint = whole(1, 1430)
export const endpointType: Constraint = text(0, 128)
export const eventType: Constraint = anyOf(
  'CA_CERTIFICATE',
  'CERTIFICATE',
  'JOB',
  'JOB_EXECUTION',
  'POLICY',
  'THING',
  'THING_GROUP',
  'THING_GROUP_HIERARCHY',
  'THING_GROUP_MEMBERSHIP',
  'THING_TYPE',
  'THING_TYPE_ASSOCIATION',
)
export const eventConfigurations: Constraint = map(0, Infinity, eventType)
export const expiresInSec: Constraint = whole(60, 3600)
export const fieldType: Constraint = anyOf('Boolean', 'Number', 'String')
export const fleetIndexingApi: Constraint = anyOf('GET_THING_CONNECTIVITY_DATA')
export const fleetIndexingApiList: Constraint = list(0, Infinity, fleetIndexingApi)
export const incrementFactor: Constraint = real(1.1, 5)
export const indexName: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
export const jobDescription: Constraint = text(0, 2028, /^[^\p{C}]+$/u)
export const jobDocument: Constraint = text(0, 32768)
export const jobDocumentSource: Constraint = text(1, 1350)
export const jobEndBehavior: Constraint = anyOf('STOP_ROLLOUT', 'CANCEL', 'FORCE_CANCEL')
export const jobExecutionFailureType: Constraint = anyOf('ALL', 'TIMED_OUT', 'FAILED', 'REJECTED')
export const jobExecutionStatus: Constraint = anyOf(
  'REMOVED',
  'SUCCEEDED',
  'TIMED_OUT',
  'IN_PROGRESS',
  'QUEUED',
  'CANCELED',
  'FAILED',
  'REJECTED',
)
export const jobId: Constraint = text(1, 64, /^[a-zA-Z0-9_-]+$/u)
export const jobStatus: Constraint = anyOf(
  'IN_PROGRESS',
  'CANCELED',
  'COMPLETED',
  'DELETION_IN_PROGRESS',
  'SCHEDULED',
)
export const targetArn: Constraint = text(0, 2048)
export const jobTargets: Constraint = list(1, Infinity, targetArn)
export const jobTemplateArn: Constraint = text(1, 1600, /^arn:[!-~]+$/u, '^arn:[!-~]+$')
export const jobTemplateId: Constraint = text(1, 64, /^[a-zA-Z0-9_-]+$/u)
export const laserMaxResults: Constraint = whole(1, 250)
export const managedJobTemplateName: Constraint = text(1, 64)
export const managedTemplateVersion: Constraint = text(
  0,
  Infinity,
  /^[1-9]+.[0-9]+$/u,
  '^[1-9]+.[0-9]+',
)
/** Wider than AWS prints it: this server's own markers are base64url. */
export const marker: Constraint = text(
  0,
  1024,
  /^(?:[A-Za-z0-9+/_-]+={0,2})$/u,
  '[A-Za-z0-9+/]+={0,2}',
)
export const maxJobExecutionsPerMin: Constraint = whole(1, 1000)
export const maxResults: Constraint = whole(1, 250)
export const message: Constraint = text(0, 128)
export const minimumNumberOfExecutedThings: Constraint = whole(1, Infinity)
export const namedShadowIndexingMode: Constraint = anyOf('OFF', 'ON')
export const shadowName: Constraint = text(1, 64, /^[$a-zA-Z0-9:_-]+$/u)
export const namedShadowNamesFilter: Constraint = list(0, Infinity, shadowName)
export const namespaceId: Constraint = text(0, Infinity, /^[a-zA-Z0-9_-]+$/u)
export const numberOfRetries: Constraint = whole(0, 10)
export const numberOfThings: Constraint = whole(1, Infinity)
export const pageSize: Constraint = whole(1, 250)
export const parameter: Constraint = text(0, 2048)
export const parameterKey: Constraint = text(1, 128, /^[a-zA-Z0-9_-]+$/u)
export const parameterValue: Constraint = text(1, 30720, /^[^\p{C}]+$/u)
export const parameterMap: Constraint = map(0, Infinity, parameterKey, parameterValue)
export const value: Constraint = text(0, 4096)
export const parameters: Constraint = map(0, Infinity, parameter, value)
export const payloadVersion: Constraint = text(10, 32, /^[0-9-]+$/u, '^[0-9-]+$')
export const policyDocument: Constraint = text(0, 404600)
export const policyName: Constraint = text(1, 128, /^[\w+=,.@-]+$/u)
export const policyNames: Constraint = list(0, Infinity, policyName)
export const policyVersionId: Constraint = text(0, Infinity, /^[0-9]+$/u)
export const queryMaxResults: Constraint = whole(1, 500)
export const queryString: Constraint = text(1, Infinity)
export const reasonCode: Constraint = text(
  0,
  128,
  /^[A-Z0-9_]+$/u,
  String.raw`[\p{Upper}\p{Digit}_]+`,
)
export const registryMaxResults: Constraint = whole(1, 250)
export const registryS3BucketName: Constraint = text(3, 256, /^[a-zA-Z0-9._-]+$/u)
export const registryS3KeyName: Constraint = text(1, 1024, /^[a-zA-Z0-9!_.*'()-\\/]+$/u)
export const reportType: Constraint = anyOf('ERRORS', 'RESULTS')
export const resource: Constraint = text(0, 2048)
export const resources: Constraint = list(0, Infinity, resource)
export const retryCriteriaList: Constraint = list(1, 2)
export const retryableFailureType: Constraint = anyOf('ALL', 'TIMED_OUT', 'FAILED')
export const roleArn: Constraint = text(20, 2048)
export const rolloutRatePerMinute: Constraint = whole(1, 1000)
export const searchQueryMaxResults: Constraint = whole(1, Infinity)
export const searchableAttributes: Constraint = list(0, Infinity, attributeName)
export const status: Constraint = anyOf(
  'InProgress',
  'Completed',
  'Failed',
  'Cancelled',
  'Cancelling',
)
export const stringDateTime: Constraint = text(1, 64)
export const tagKey: Constraint = text(
  1,
  128,
  /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u,
  String.raw`^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`,
)
export const tagKeyList: Constraint = list(0, Infinity, tagKey)
export const tagValue: Constraint = text(0, 256)
export const targetFieldOrder: Constraint = anyOf('LatLon', 'LonLat')
export const targetSelection: Constraint = anyOf('CONTINUOUS', 'SNAPSHOT')
export const taskId: Constraint = text(0, 40)
export const templateBody: Constraint = text(0, 10240)
export const templateDescription: Constraint = text(0, 500, /^[^\p{C}]*$/u)
export const templateName: Constraint = text(1, 36, /^[0-9A-Za-z_-]+$/u, '^[0-9A-Za-z_-]+$')
export const templateType: Constraint = anyOf('FLEET_PROVISIONING', 'JITP')
export const thingConnectivityIndexingMode: Constraint = anyOf('OFF', 'STATUS')
export const thingGroupDescription: Constraint = text(
  0,
  2028,
  /^[\x21-\x7e\x20]*$/u,
  String.raw`[\p{Graph}\x20]*`,
)
export const thingGroupId: Constraint = text(1, 128, /^[a-zA-Z0-9-]+$/u, String.raw`[a-zA-Z0-9\-]+`)
export const thingGroupIndexingMode: Constraint = anyOf('OFF', 'ON')
export const thingGroupName: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
export const thingGroupList: Constraint = list(0, Infinity, thingGroupName)
export const thingIndexingMode: Constraint = anyOf('REGISTRY_AND_SHADOW', 'OFF', 'REGISTRY')
export const thingName: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
export const thingPrincipalType: Constraint = anyOf('EXCLUSIVE_THING', 'NON_EXCLUSIVE_THING')
export const thingTypeDescription: Constraint = text(
  0,
  2028,
  /^[\x21-\x7e\x20]*$/u,
  String.raw`[\p{Graph}\x20]*`,
)
export const thingTypeName: Constraint = text(1, 128, /^[a-zA-Z0-9:_-]+$/u)
export const userPropertyKeyName: Constraint = text(0, 128, /^[a-zA-Z0-9:$.]+$/u)
