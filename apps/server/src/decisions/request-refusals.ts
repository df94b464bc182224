/**
 * Requests over HTTP that were refused for what they ask, for the decision log.
 */
import type { AwsService } from '@muster/aws-protocol'
import { iotArn, type Account, type Refusal } from '@muster/model'
import type { DecidedPrincipal } from './decided-principal.ts'
import type { Denial, DecisionKind, Reasons } from './decision.ts'

/** A request that was refused. */
export interface RefusedRequest {
  readonly service?: AwsService | 'sts' | 'cognito-identity' | undefined
  /** AWS's name; undefined where the request names none. */
  readonly operation?: string | undefined
  /** `GET /things`, where no operation was found. */
  readonly request?: string | undefined
  readonly caller?:
    | { readonly kind: 'device'; readonly certificateId: string }
    | { readonly kind: 'operator'; readonly accessKeyId: string; readonly who: DecidedPrincipal }
    | undefined
  readonly thingName?: string | undefined
  readonly sourceIp: string
}

const prefixes: Readonly<Record<string, string>> = {
  iot: 'iot',
  iotdata: 'iot',
  'iot-jobs-data': 'iotjobsdata',
  sts: 'sts',
  'cognito-identity': 'cognito-identity',
}

const readAgain = 'read it again and send the version that it has now'

const hints: readonly (readonly [RegExp, string])[] = [
  [/^NotImplemented/, 'do without it: docs/fidelity.md lists what is implemented'],
  [/NotFound/, 'create it first, or check name, region and account of the request'],
  [/AlreadyExists|Conflict|EntityAlready/, 'use another name, or what exists already'],
  [/^VersionMismatch|^VersionConflict/, readAgain],
  [/^InvalidStateTransition/, 'read its status: it cannot change like this any more'],
  [/^TerminalState/, 'the execution is over: start the next one'],
  [/Throttl|LimitExceeded|TooMany/, 'ask more slowly, and for less; SDKs retry by themselves'],
  [
    /^UnknownOperation|^MethodNotAllowed/,
    'check method and path, and the service that is signed for',
  ],
  [/TooLarge/, 'send less'],
  [/^RequestTimeout|^ServiceUnavailable/, 'try again'],
  [
    /^InvalidIdentityPoolConfiguration/,
    'set the pool’s roles, and let their trust policies name cognito-identity.amazonaws.com; the log line `identity refused by its pool` says what is missing',
  ],
  [
    /^InvalidIdentityToken|^IDPRejectedClaim/,
    'declare the provider with its keys under oidcProviders of the IAM file, and send a token for one of its client ids',
  ],
  [/^NotAuthorized/, 'log in by a provider of the pool, as the identity that the login belongs to'],
  [
    /^AccessDenied$/,
    'let the role’s trust policy name the caller, and the caller’s own policies allow the action on the role',
  ],
  [/^Forbidden/, 'sign it with SigV4 as an operator: certificates may not ask for this'],
]

/** What mends refusals of the credentials provider (neighbours N107). */
const credentialHints: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'attach the thing that x-amzn-iot-thingname names to the certificate, or leave the header out',
  InvalidRequestException:
    'declare the alias’s role in the IAM file, let a trust document that it has name ' +
    'credentials.iot.amazonaws.com, and keep the alias’s duration within its maxSessionDuration',
}

const badInput = 'send what the message expects; the limits are those of AWS’s API reference'

/** A refused request as a denial with its reasons. */
export function requestRefusal(
  account: Account,
  refused: RefusedRequest,
  { code, message }: Refusal<string>,
): [Denial, Reasons] {
  const { service, operation, request, caller, thingName, sourceIp } = refused
  const kind = kindOf(service, operation)
  const denial: Denial = {
    kind,
    effect: 'deny',
    action: operation === undefined ? 'HTTP' : actionOf({ service, name: operation }),
    reason: code,
    protocol: 'https',
    sourceIp,
    thingName,
    resource: request,
    ...principalOf(account, caller),
  }
  return [denial, { summary: `${code}: ${message}`, hint: hintFor(code, operation) }]
}

function kindOf(service: RefusedRequest['service'], operation = ''): DecisionKind {
  if (service === 'iot-jobs-data') return 'jobs'
  return /Shadow/.test(operation) ? 'shadow' : 'request'
}

/** An operation as policies call it, or nearly so: `iot:CreateThing`. */
export function actionOf({
  service = 'iot',
  name,
}: {
  readonly service?: RefusedRequest['service']
  readonly name: string
}): string {
  return `${prefixes[service] ?? service}:${name}`
}

/** What mends a refusal of an operation with this code, as far as a code tells. */
export function hintFor(code: string, operation?: string): string {
  if (code === 'ConflictException' && operation === 'UpdateThingShadow') return readAgain
  if (operation === 'AssumeRoleWithCertificate') {
    const known = credentialHints[code]
    if (known !== undefined) return known
  }
  return hints.find(([pattern]) => pattern.test(code))?.[1] ?? badInput
}

function principalOf(
  account: Account,
  caller: RefusedRequest['caller'],
): Pick<Denial, 'principal' | 'principalId' | 'principalKind' | 'cognitoIdentityId'> {
  if (caller === undefined) return {}
  if (caller.kind === 'operator') return { ...caller.who, principalId: caller.accessKeyId }
  const { certificateId } = caller
  return { principal: iotArn(account, 'cert', certificateId), principalId: certificateId }
}
