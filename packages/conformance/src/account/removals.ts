/** What undoes a creation: the calls that remove a resource by its name. */
import type { CallResult } from '../scenario-target.ts'
import type { CallArgs } from './account-calls.ts'

/** A kind of resource that a run may make. */
export type Kind =
  | 'certificate'
  | 'job'
  | 'job template'
  | 'OTA update'
  | 'package'
  | 'package version'
  | 'policy'
  | 'stream'
  | 'thing'
  | 'thing group'

/** A resource by its name; a package version's is `PACKAGE/VERSION`. */
export interface Made {
  readonly kind: Kind
  readonly name: string
}

/** A resource, and the calls that have to be made before it can go. */
export interface Leftover extends Made {
  readonly before: readonly (readonly [operation: string, args: CallArgs])[]
}

/** Something that is still there. */
export interface Left extends Made {
  readonly why: string
}

/** Makes a call while cleaning up. */
export type CleaningCall = (
  service: string,
  operation: string,
  args: CallArgs,
) => Promise<CallResult>

const MAKES: Readonly<Record<string, readonly [Kind, ...string[]]>> = {
  CreateJob: ['job', 'jobId'],
  CreateJobTemplate: ['job template', 'jobTemplateId'],
  CreateOTAUpdate: ['OTA update', 'otaUpdateId'],
  CreatePackage: ['package', 'packageName'],
  CreatePackageVersion: ['package version', 'packageName', 'versionName'],
  CreatePolicy: ['policy', 'policyName'],
  CreateStream: ['stream', 'streamId'],
  CreateThing: ['thing', 'thingName'],
  CreateThingGroup: ['thing group', 'thingGroupName'],
}

/** What an operation makes; undefined when it makes nothing that has to be removed. */
export function madeBy(operation: string, args: CallArgs): Made | undefined {
  const [kind, ...members] = MAKES[operation] ?? []
  if (kind === undefined) return undefined
  return { kind, name: members.map((member) => String(args[member])).join('/') }
}

/** How many calls an operation costs, what it makes removed again. */
export function callsOf(operation: string, args: CallArgs): number {
  const made = madeBy(operation, args)
  if (made === undefined) return 1
  return made.kind === 'package version' ? 3 : 2
}

/** What an operation removes at once. */
export function removedBy(operation: string, args: CallArgs): Made | undefined {
  return operation.startsWith('Delete') && operation !== 'DeleteJob'
    ? madeBy(operation.replace('Delete', 'Create'), args)
    : undefined
}

/**
 * Removes one resource, with what has to go before it.
 *
 * @returns the last answer: a success, or why it is still there
 * @throws TroubledCall when there was no answer
 */
export async function remove({ kind, name }: Made, call: CleaningCall): Promise<CallResult> {
  const iot = (operation: string, args: CallArgs): Promise<CallResult> =>
    call('iot', operation, args)
  switch (kind) {
    case 'certificate':
      await iot('UpdateCertificate', { certificateId: name, newStatus: 'INACTIVE' })
      return await iot('DeleteCertificate', { certificateId: name, forceDelete: true })
    case 'job':
      return await iot('DeleteJob', { jobId: name, force: true })
    case 'job template':
      return await iot('DeleteJobTemplate', { jobTemplateId: name })
    case 'OTA update':
      return await iot('DeleteOTAUpdate', {
        otaUpdateId: name,
        deleteStream: true,
        forceDeleteAWSJob: true,
      })
    case 'package':
      return await iot('DeletePackage', { packageName: name })
    case 'package version': {
      const [packageName = '', versionName = ''] = name.split('/')
      // The default version cannot go; to unset what is none is refused, and no matter.
      await iot('UpdatePackage', { packageName, unsetDefaultVersion: true })
      return await iot('DeletePackageVersion', { packageName, versionName })
    }
    case 'policy':
      return await iot('DeletePolicy', { policyName: name })
    case 'stream':
      return await iot('DeleteStream', { streamId: name })
    case 'thing':
      return await iot('DeleteThing', { thingName: name })
    case 'thing group':
      return await iot('DeleteThingGroup', { thingGroupName: name })
  }
}

/** Whether an answer says that a resource is gone. */
export function isGone({ status, error }: CallResult): boolean {
  return status < 300 || error === 'ResourceNotFoundException'
}

/** Whether it may be gone soon: something that it hangs on is still going. */
export function isGoingSoon({ error = '' }: CallResult): boolean {
  return (
    error === 'LimitExceededException' ||
    error === 'DeleteConflictException' ||
    error === 'ConflictException' ||
    error === 'InvalidStateTransitionException' ||
    error === 'VersionConflictException'
  )
}
