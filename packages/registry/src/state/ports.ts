/**
 * What the registry needs from outside: where it is, where its records are kept, who is told of
 * changes, and where names nobody can guess come from.
 */
import type { Account } from '@muster/model'
import type { CertificateIssuer } from '../certificate/certificate-issuer.ts'
import type { RegistryChange } from './change.ts'

/** Durable key-value records; every change of the registry is written through. */
export interface Records {
  put(kind: string, key: string, value: string | Uint8Array): void
  delete(kind: string, key: string): void
  load(kind: string): Iterable<{ readonly key: string; readonly value: string | Uint8Array }>
}

/** The last thing known of a client's connection (gateway G80, G117). */
export interface Connectivity {
  readonly connected: boolean
  /** Epoch milliseconds of the last connect or disconnect; absent when that is long ago, or never was. */
  readonly timestampMs?: number
  /** Absent while connected, and with the timestamp. */
  readonly disconnectReason?: string
}

/** A shadow as it is kept: texts of JSON objects. */
export interface ThingShadow {
  readonly version: number
  /** `{"desired":{…},"reported":{…}}`. */
  readonly state: string
  /** Of the same form, every value's time. */
  readonly metadata: string
  /** Desired minus reported; undefined while they agree. */
  readonly delta: string | undefined
}

/** Everything the registry is given at construction. */
export interface RegistryPorts {
  readonly account: Account
  readonly records: Records
  /** Told of every change, synchronously, after it is applied. */
  readonly emit: (change: RegistryChange) => void
  /** A fresh UUID in lowercase hex with dashes. */
  readonly newId: () => string
  /** Signs and reads certificates; the registry does no cryptography of its own. */
  readonly certificateIssuer: CertificateIssuer
  /** What is wrong with a policy document, in a sentence; undefined: nothing (authz B1 to B5). */
  readonly policyFault?: (document: string) => string | undefined
  /** Whether a resource of other rules (jobs, packages, …) exists by this ARN; their tags are kept here (gateway G81). */
  readonly resourceExists?: (resourceArn: string) => boolean
  /** Connection state of the client whose ID is the thing's name; undefined: nothing is known. */
  readonly connectivity?: (thingName: string) => Connectivity | undefined
  /** A thing's shadow; the classic one's name is empty. Asked while shadows are indexed. */
  readonly shadow?: (thingName: string, shadowName: string) => ThingShadow | undefined
  /** Told that `buildDynamicGroups` has work: not all of it was done at once (gateway G78). */
  readonly buildsWait?: () => void
}
