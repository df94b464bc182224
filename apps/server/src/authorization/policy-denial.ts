/**
 * Denials by policies, for the decision log.
 */
import { nameInArn, type Account } from '@muster/model'
import type { Denial } from '../decisions/decision.ts'

/**
 * A denial by IoT Core or IAM policies.
 *
 * @param denied.thingName - unknown, it is the one that the resource names
 * @param reason - AWS's word
 */
export function denialOf(
  account: Account,
  denied: Omit<Denial, 'kind' | 'reason'> & { readonly resource: string },
  reason = 'AUTHORIZATION_FAILED',
): Denial {
  const { thingName = thingIn(account, denied.resource) } = denied
  return { ...denied, kind: 'policy', reason, thingName }
}

function thingIn(account: Account, resource: string): string | undefined {
  const named = nameInArn(account, 'thing', resource)
  return named ?? /:topic(?:filter)?\/\$aws\/things\/([^/+#*]+)\//.exec(resource)?.[1]
}
