/** Constraints of STS's input structures (identities I35). */
import type { Constraint, ConstraintTable } from '../constraint.ts'
import { list, text, whole } from './build.ts'

const arn: Constraint = text(20, 2048, /^[\t\n\r\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD]+$/u)
const sessionName: Constraint = text(2, 64, /^[\w+=,.@-]*$/u)
const sessionPolicy: Constraint = text(1, Infinity)
const sourceIdentity: Constraint = text(2, 64, /^[\w+=,.@-]*$/u)
const tagKey: Constraint = text(1, 128, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u)
const serialNumber: Constraint = text(9, 256, /^[\w+=/:,.@-]*$/u)
const tokenCode: Constraint = text(6, 6, /^[\d]*$/u)

/** A role may allow twelve hours; its own maximum is looked at later. */
const roleSeconds: Constraint = whole(900, 43_200)
const userSeconds: Constraint = whole(900, 129_600)

export const sts: ConstraintTable = {
  AssumeRoleRequest: {
    RoleArn: { ...arn, required: true },
    RoleSessionName: { ...sessionName, required: true },
    Policy: sessionPolicy,
    PolicyArns: list(0, 10),
    DurationSeconds: roleSeconds,
    Tags: list(0, 50),
    TransitiveTagKeys: list(0, 50, tagKey),
    ExternalId: text(2, 1224, /^[\w+=,.@:/-]*$/u),
    SerialNumber: serialNumber,
    TokenCode: tokenCode,
    SourceIdentity: sourceIdentity,
    ProvidedContexts: list(0, 5),
  },
  AssumeRoleWithWebIdentityRequest: {
    RoleArn: { ...arn, required: true },
    RoleSessionName: { ...sessionName, required: true },
    WebIdentityToken: { ...text(4, 20_000), required: true },
    ProviderId: text(4, 2048),
    Policy: sessionPolicy,
    PolicyArns: list(0, 10),
    DurationSeconds: roleSeconds,
  },
  GetSessionTokenRequest: {
    DurationSeconds: userSeconds,
    SerialNumber: serialNumber,
    TokenCode: tokenCode,
  },
  GetFederationTokenRequest: {
    Name: { ...text(2, 32, /^[\w+=,.@-]*$/u), required: true },
    Policy: text(1, 2048),
    PolicyArns: list(0, 10),
    DurationSeconds: userSeconds,
    Tags: list(0, 50),
  },
  GetAccessKeyInfoRequest: { AccessKeyId: { ...text(16, 128, /^[\w]*$/u), required: true } },
  PolicyDescriptorType: { arn },
  Tag: {
    Key: { ...tagKey, required: true },
    Value: { ...text(0, 256, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u), required: true },
  },
}
