/** What a policy can be attached to, as somebody types it. */
import { arnAccount, arnName, arnResource, iotArn } from '../aws/arn.ts'

/** Kinds of targets. */
export type TargetKind = 'certificate' | 'thing' | 'group' | 'identity'

/** A target to attach to, a thing whose certificates are, or what is wrong with what was typed. */
export type TypedTarget =
  | { readonly target: string }
  | { readonly thingName: string }
  | { readonly fault: string }

/**
 * Reads what was typed for a kind of target.
 *
 * @param accountArn - any ARN of the account
 */
export function typedTarget(kind: TargetKind, typed: string, accountArn: string): TypedTarget {
  const text = typed.trim()
  if (text === '') return { fault: 'Say what to attach the policy to.' }
  if (kind === 'thing') return { thingName: arnName('thing', text) ?? text }
  if (text.startsWith('arn:')) return { target: text }
  const account = arnAccount(accountArn)
  if (kind === 'identity') {
    return /^[\w-]+:[0-9a-fA-F-]{36}$/.test(text)
      ? { target: text }
      : { fault: 'An identity ID is REGION:UUID.' }
  }
  if (account === undefined) return { fault: 'Give the whole ARN.' }
  if (kind === 'group') return { target: iotArn(account, `thinggroup/${text}`) }
  return /^[0-9a-f]{64}$/.test(text)
    ? { target: iotArn(account, `cert/${text}`) }
    : { fault: 'A certificate ID has 64 hexadecimal digits.' }
}

/** A target as it is shown, with its page where it has one. */
export interface ShownTarget {
  readonly target: string
  readonly kind: string
  readonly name: string
  readonly path?: string
}

/** How a target is shown. */
export function shownTarget(target: string): ShownTarget {
  const certificateId = arnName('cert', target)
  if (certificateId !== undefined) {
    const path = `/certificates/${certificateId}`
    return { target, kind: 'Certificate', name: certificateId, path }
  }
  const group = arnName('thinggroup', target)
  if (group !== undefined) {
    const path = `/groups/${encodeURIComponent(group)}`
    return { target, kind: 'Thing group', name: group, path }
  }
  const isArn = target.startsWith('arn:')
  return { target, kind: isArn ? 'Other' : 'Cognito identity', name: arnResource(target) }
}
