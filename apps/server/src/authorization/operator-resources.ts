/**
 * Resources in an operation's request: ARNs in its members, or made from names in them (authz J1
 * to J12). Reads the request only; whether a resource exists is none of its business.
 */
import { iotArn, parseArn, type Account, type IotResourceType } from '@muster/model'

/** ARNs that one member of a request names; none when it is absent. */
export type ResourceRule<Input> = (account: Account, input: Input) => readonly string[]

/** A request that may have these members. */
type With<Member extends string> = {
  readonly [Name in Member]?: string | readonly string[] | undefined
}

/** `type/<member>`; the member may be a list. */
export function named<Member extends string>(
  type: IotResourceType,
  member: Member,
): ResourceRule<With<Member>> {
  return (account, input) => strings(input[member]).map((name) => iotArn(account, type, name))
}

/** A member that holds ARNs; what is no ARN (a Cognito identity) is no resource. */
export function arns<Member extends string>(member: Member): ResourceRule<With<Member>> {
  return (_account, input) => strings(input[member]).filter((text) => text.startsWith('arn:'))
}

/**
 * A name, or instead of it an ARN, of which the name counts: the call acts on the resource of its
 * own region (gateway G76).
 */
function namedOrArn<Name extends string, Arn extends string>(
  type: IotResourceType,
  nameMember: Name,
  arnMember: Arn,
): ResourceRule<With<Name> & With<Arn>> {
  const byName = named(type, nameMember)
  const byArn = arns(arnMember)
  const own = (account: Account, arn: string): string => {
    const [kind, name] = parseArn(arn)?.resource.split('/') ?? []
    return kind === type && name !== undefined ? iotArn(account, type, name) : arn
  }
  return (account, input) => [
    ...new Set([
      ...byName(account, input),
      ...byArn(account, input).map((arn) => own(account, arn)),
    ]),
  ]
}

/** An absent member and an empty one name nothing. */
function strings(value: string | readonly string[] | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return value ?? []
}

export const thing: ResourceRule<With<'thingName'>> = named('thing', 'thingName')
/** A shadow: `thing/T` the classic one, `thing/T/S` a named one (authz D5, D14). */
export const shadow: ResourceRule<With<'thingName'> & With<'shadowName'>> = (account, input) => {
  const [shadowName] = strings(input.shadowName)
  return thing(account, input).map((arn) =>
    shadowName === undefined ? arn : `${arn}/${shadowName}`,
  )
}
export const thingOrArn: ResourceRule<With<'thingName'> & With<'thingArn'>> = namedOrArn(
  'thing',
  'thingName',
  'thingArn',
)
export const thingType: ResourceRule<With<'thingTypeName'>> = named('thingtype', 'thingTypeName')
export const thingGroup: ResourceRule<With<'thingGroupName'>> = named(
  'thinggroup',
  'thingGroupName',
)
export const thingGroupOrArn: ResourceRule<With<'thingGroupName'> & With<'thingGroupArn'>> =
  namedOrArn('thinggroup', 'thingGroupName', 'thingGroupArn')
export const billingGroup: ResourceRule<With<'billingGroupName'>> = named(
  'billinggroup',
  'billingGroupName',
)
export const billingGroupOrArn: ResourceRule<With<'billingGroupName'> & With<'billingGroupArn'>> =
  namedOrArn('billinggroup', 'billingGroupName', 'billingGroupArn')
export const certificate: ResourceRule<With<'certificateId'>> = named('cert', 'certificateId')
export const caCertificate: ResourceRule<With<'certificateId'>> = named('cacert', 'certificateId')
export const policy: ResourceRule<With<'policyName'>> = named('policy', 'policyName')
export const job: ResourceRule<With<'jobId'>> = named('job', 'jobId')
export const jobTemplate: ResourceRule<With<'jobTemplateId'>> = named(
  'jobtemplate',
  'jobTemplateId',
)
export const provisioningTemplate: ResourceRule<With<'templateName'>> = named(
  'provisioningtemplate',
  'templateName',
)
export const stream: ResourceRule<With<'streamId'>> = named('stream', 'streamId')
export const otaUpdate: ResourceRule<With<'otaUpdateId'>> = named('otaupdate', 'otaUpdateId')
/** `package/P`. */
export const softwarePackage: ResourceRule<With<'packageName'>> = named('package', 'packageName')
/** `package/P/version/V`. */
export const packageVersion: ResourceRule<With<'packageName'> & With<'versionName'>> = (
  account,
  { packageName, versionName },
) => {
  const [version = ''] = strings(versionName)
  return softwarePackage(account, { packageName }).map((arn) => `${arn}/version/${version}`)
}
export const roleAlias: ResourceRule<With<'roleAlias'>> = named('rolealias', 'roleAlias')
export const topic: ResourceRule<With<'topic'>> = named('topic', 'topic')
export const client: ResourceRule<With<'clientId'>> = named('client', 'clientId')
/** A fleet index; unnamed means things. */
export const index: ResourceRule<With<'indexName'>> = (account, { indexName }) =>
  named('index', 'indexName')(account, { indexName: indexName ?? 'AWS_Things' })
