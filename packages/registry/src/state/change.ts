/**
 * Every change of the registry, as told to the rest of the server: authorizers, jobs, events on
 * `$aws/events/…`, live connections.
 */
import type { CaCertificateRecord, CertificateRecord } from '../certificate/certificate-record.ts'
import type { ThingGroupRecord, ThingRecord, ThingTypeRecord } from './records.ts'

/** One change, already applied. `before` absent: created; `after` absent: deleted. */
export type RegistryChange =
  | {
      readonly kind: 'thing'
      readonly thingName: string
      readonly before?: ThingRecord
      readonly after?: ThingRecord
    }
  | {
      readonly kind: 'thingType'
      readonly thingTypeName: string
      readonly before?: ThingTypeRecord
      readonly after?: ThingTypeRecord
    }
  | {
      /** Static and dynamic groups; a `before` or `after` with `parentGroupName` is a child. */
      readonly kind: 'thingGroup'
      readonly thingGroupName: string
      readonly before?: ThingGroupRecord
      readonly after?: ThingGroupRecord
    }
  | {
      /** Direct membership, of dynamic groups too; a deleted thing's memberships are removed first. */
      readonly kind: 'thingGroupMembership'
      readonly thingGroupName: string
      readonly thingName: string
      readonly added: boolean
      readonly dynamic: boolean
    }
  | {
      readonly kind: 'thingPrincipal'
      readonly thingName: string
      /** ARN. */
      readonly principal: string
      readonly attached: boolean
    }
  /** Created, deleted, or another default version. */
  | {
      readonly kind: 'policy'
      readonly policyName: string
      /** Of the default version before the change; undefined for a new policy. */
      readonly documentBefore: string | undefined
    }
  | {
      readonly kind: 'policyAttachment'
      readonly policyName: string
      /** ARN of a certificate or thing group, or a Cognito identity. */
      readonly target: string
      readonly attached: boolean
    }
  | {
      readonly kind: 'certificate'
      readonly certificateId: string
      readonly before?: CertificateRecord
      readonly after?: CertificateRecord
    }
  | {
      readonly kind: 'caCertificate'
      readonly certificateId: string
      readonly before?: CaCertificateRecord
      readonly after?: CaCertificateRecord
    }
