/**
 * ResourceNotFoundException for resources that are not there. AWS's operations word it each in
 * their own way; tools match on the words.
 */
import { refuse, type Account, type Refused } from '@muster/model'

/** ResourceNotFoundException. */
export function notFound(message: string): Refused {
  return refuse('ResourceNotFoundException', message)
}

/** A thing that an operation changes or puts somewhere. */
export function noThing(thingName: string): Refused {
  return notFound(`Thing ${thingName} not found.`)
}

/** A thing, a type or a group that an operation describes. */
export function notHeld(
  { accountId }: Account,
  kind: 'Thing' | 'Thing Type' | 'ThingGroup',
  name: string,
): Refused {
  return notFound(`${kind} ${accountId}:${name} not found.`)
}

/** A group whose members or policies are meant. */
export function noSuchGroup({ accountId }: Account, thingGroupName: string): Refused {
  return notFound(
    `Cannot find requested thing group for accountId: ${accountId} ` +
      `and thing group name: ${thingGroupName}`,
  )
}

/** A billing group; of these AWS's words are not known. */
export function noBillingGroup(billingGroupName: string): Refused {
  return notFound(`Billing Group ${billingGroupName} not found.`)
}

/** A policy that an operation changes or attaches. */
export function noPolicy(): Refused {
  return notFound('Policy not found')
}

/** One of a policy's versions. */
export function noPolicyVersion(policyName: string, versionId: string): Refused {
  return notFound(`Policy version does not exist (name=${policyName}, versionId=${versionId})`)
}

/** The certificate of an ARN that policies are attached to or listed for. */
export function noCertificateOfPrincipal(): Refused {
  return notFound('The certificate given in the principal does not exist.')
}
