/**
 * Names that mean something in IoT Core policies, to tell misspelt ones by.
 */
import { likelyName } from '@muster/model'

/** Actions of the data planes, each with the resource that it is checked against (authz D1 to D9). */
export const dataPlaneActions: Readonly<Record<string, string>> = {
  'iot:Connect': 'client/',
  'iot:Publish': 'topic/',
  'iot:RetainPublish': 'topic/',
  'iot:Receive': 'topic/',
  'iot:GetRetainedMessage': 'topic/',
  'iot:Subscribe': 'topicfilter/',
  'iot:ListRetainedMessages': '',
  'iot:GetThingShadow': 'thing/',
  'iot:UpdateThingShadow': 'thing/',
  'iot:DeleteThingShadow': 'thing/',
  'iot:ListNamedShadowsForThing': 'thing/',
  'iot:AssumeRoleWithCertificate': 'rolealias/',
  'iotjobsdata:DescribeJobExecution': 'thing/',
  'iotjobsdata:GetPendingJobExecutions': 'thing/',
  'iotjobsdata:StartNextPendingJobExecution': 'thing/',
  'iotjobsdata:UpdateJobExecution': 'thing/',
  'iotjobsdata:StartCommandExecution': 'command/',
}

const certificateAttribute =
  '(?:DistinguishedNameQualifier|Country|Organization|OrganizationalUnit|State|CommonName|' +
  'SerialNumber|Title|Surname|GivenName|Initials|Pseudonym|GenerationQualifier|' +
  'AlternativeName[.](?:RFC822Name|DNSName|DirectoryName|UniformResourceIdentifier|IPAddress))'

const variableNames = [
  'iot:ClientId',
  'iot:CertificateId',
  'iot:DomainName',
  'iot:LastWillTopic',
  'iot:ConnectAttributes',
  'iot:Connection.Thing.ThingName',
  'iot:Connection.Thing.ThingTypeName',
  'iot:Connection.Thing.IsAttached',
  'iot:Certificate.SerialNumber',
  'iot:Certificate.AvailableKeys',
]

const variablePatterns = [
  /^iot:connection\.thing\.attributes\[[^\]]+\]$/i,
  new RegExp(
    `^iot:certificate[.](?:subject|issuer)[.]${certificateAttribute}(?:[.](?:\\d+|List))?$`,
    'i',
  ),
  /^(?!iot:)[\w.-]+:/i,
]

/** Whether an IoT Core policy can refer to a key; keys of other services always pass. */
export function isKnownVariable(name: string): boolean {
  const lower = name.toLowerCase()
  return (
    variableNames.some((known) => known.toLowerCase() === lower) ||
    variablePatterns.some((pattern) => pattern.test(name))
  )
}

/** The variable that was probably meant. */
export function likelyVariable(name: string): string | undefined {
  const thing = /^iot:Thing\.(.+)$/i.exec(name)?.[1]
  if (thing !== undefined) return `iot:Connection.Thing.${thing}`
  return likelyName(name, variableNames)
}

/** The action that was probably meant. */
export function likelyAction(name: string): string | undefined {
  return likelyName(name, Object.keys(dataPlaneActions))
}
