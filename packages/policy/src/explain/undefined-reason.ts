/**
 * Why a context key has no value (authz section 6), in words that say what to change.
 */
import type { PolicyContext } from '../decide/policy-context.ts'
import type { PolicyKind } from '../parse/policy-document.ts'

/** @param key - in lower case; a key without a value here */
export function undefinedReason(context: PolicyContext, kind: PolicyKind, key: string): string {
  if (key.startsWith('iot:connection.thing.')) return thingReason(context, kind, key)
  if (key.startsWith('iot:thing.')) {
    return 'there is no such variable; thing variables are named iot:Connection.Thing.…'
  }
  if (key.startsWith('iot:certificate.')) return certificateReason(context, key)
  switch (key) {
    case 'iot:clientid':
      return context.protocol === 'https'
        ? 'requests over HTTPS have no client ID'
        : 'the request has no client ID'
    case 'iot:certificateid':
      return 'the principal is no certificate'
    case 'iot:domainname':
      return 'the TLS handshake named no server'
    case 'iot:connectattributes':
      return 'the connection is neither persistent nor has a last will'
    case 'iot:lastwilltopic':
      return 'the connection has no last will'
    case 'aws:sourcevpce':
    case 'aws:sourcevpc':
    case 'aws:vpcsourceip':
      return 'the request came by a public endpoint'
    default:
  }
  if (key.startsWith('aws:requesttag/')) return 'the request sets no such tag'
  if (key.startsWith('aws:resourcetag/')) return 'the resource has no such tag'
  if (key.startsWith('aws:principaltag/')) return 'the principal has no such tag'
  return 'there is no such key for this request'
}

function thingReason(context: PolicyContext, kind: PolicyKind, key: string): string {
  if (kind === 'iam') return 'thing variables do not exist in IAM policies'
  if (context.protocol === 'https') return 'thing variables do not exist over HTTPS'
  const { thing, attachedThingNames = [], clientId = '' } = context
  if (thing === undefined) {
    if (attachedThingNames.length === 0) return 'the principal is not attached to any thing'
    return (
      `client ID \`${clientId}\` is not the name of a thing that the principal is attached to ` +
      `(${attachedThingNames.slice(0, 5).join(', ')})`
    )
  }
  if (key === 'iot:connection.thing.thingtypename')
    return `thing \`${thing.thingName}\` has no type`
  if (key.startsWith('iot:connection.thing.attributes[')) {
    return `thing \`${thing.thingName}\` has no such attribute`
  }
  return 'there is no such thing variable'
}

function certificateReason(context: PolicyContext, key: string): string {
  if (context.certificate === undefined) return 'the principal is no certificate'
  if (/\.\d+$/.test(key)) return 'the certificate has no value with that index (.1 is the second)'
  return 'the certificate has no such attribute, or one with * $ + ? # or over 1024 characters'
}
