/**
 * Resources that a request names by name, by ARN, or by both (gateway G76).
 */
import {
  accept,
  invalidRequest,
  parseArn,
  type Account,
  type IotResourceType,
  type Outcome,
} from '@muster/model'

/** What a request may name so, in the words of its members. */
export type NamedResource = 'thing' | 'thingGroup' | 'billingGroup'

const TYPES: Readonly<Record<NamedResource, IotResourceType>> = {
  thing: 'thing',
  thingGroup: 'thinggroup',
  billingGroup: 'billinggroup',
}

/**
 * The name meant. The region of an ARN is not looked at: the call acts on the resource of its own.
 *
 * @returns InvalidRequestException when neither is given, when they disagree, and for an ARN of
 *   another account or kind
 */
export function nameMeant(
  { accountId }: Account,
  resource: NamedResource,
  name: string | undefined,
  arn: string | undefined,
): Outcome<string> {
  if (arn === undefined || arn === '') {
    if (name !== undefined && name !== '') return accept(name)
    return invalidRequest(
      `Both ${resource}Arn and ${resource}Name are empty. Need to specify at least one of them`,
    )
  }
  const parts = parseArn(arn)
  if (parts === undefined) return invalidRequest('Invalid arn in request')
  if (parts.accountId !== accountId) {
    return invalidRequest("ResourceArn doesn't belong in requester's account")
  }
  const prefix = `${TYPES[resource]}/`
  if (parts.service !== 'iot' || !parts.resource.startsWith(prefix)) {
    return invalidRequest(`Invalid ${capitalized(resource)}Arn`)
  }
  const inArn = parts.resource.slice(prefix.length)
  if (name === undefined || name === '' || name === inArn) return accept(inArn)
  const from = resource === 'thing' ? 'in' : 'from'
  return invalidRequest(
    `${capitalized(resource)}Name ${from} ${resource}Arn does not match ` +
      `specified ${resource}Name in request`,
  )
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
