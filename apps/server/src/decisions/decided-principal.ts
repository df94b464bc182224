/** Who was refused, by kind: what a person reads, and a program can sort by. */
import { cognitoIdentityOf, principalKind, type Identity } from '@muster/iam'
import { principalWords, type DecidedPrincipalKind } from './principal-words.ts'

/** All kinds, for queries. */
export const decidedPrincipalKinds: readonly DecidedPrincipalKind[] = Object.keys(
  principalWords,
) as DecidedPrincipalKind[]

/** A principal as entries of the log name it. */
export interface DecidedPrincipal {
  /** ARN of the certificate, user or session. */
  readonly principal: string
  readonly principalKind: DecidedPrincipalKind
  /** What IoT policies are attached to; Cognito identities only. */
  readonly cognitoIdentityId?: string | undefined
}

/** The principal that signed. */
export function signedPrincipal(identity: Identity): DecidedPrincipal {
  return {
    principal: identity.arn,
    principalKind: principalKind(identity),
    cognitoIdentityId: cognitoIdentityOf(identity)?.identityId,
  }
}

/** The kind that a text names; undefined: none. */
export function principalKindNamed(text: string | undefined): DecidedPrincipalKind | undefined {
  return decidedPrincipalKinds.find((kind) => kind === text)
}

/** Who was denied, as far as it is known. */
type Denied = { readonly [Name in keyof DecidedPrincipal]?: DecidedPrincipal[Name] | undefined }

/**
 * A policy's sentence with who was denied: `iot:Publish on … is denied to Cognito guest us-east-1:…:
 * no statement allows it`. Devices are named by the entry's other members.
 */
export function deniedTo(
  summary: string,
  { principal, principalKind: kind, cognitoIdentityId }: Denied,
): string {
  const name = cognitoIdentityId ?? principal
  if (kind === undefined || kind === 'certificate' || name === undefined) return summary
  return summary.replace(
    /^(\S+ on .*?) is denied/,
    (_, request: string) => `${request} is denied to ${principalWords[kind]} ${name}`,
  )
}
