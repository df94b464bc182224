/** The role of an identity pool, for tests of what its identities may do (identities I99). */
import { guestSessionPolicy, poolRoles, type CognitoState } from '@muster/cognito'
import {
  cognitoProvider,
  identityKeys,
  keysOfRequest,
  layeredDecider,
  roleByArn,
  sessionIdentity,
  webSession,
  type IamAccount,
  type IamRole,
} from '@muster/iam'
import { accept, refuse, type Account } from '@muster/model'
import { contextKeys } from '@muster/policy'
import type { PoolRole, TestedSide } from '../operations/policy-tests.ts'

/** Makes the look-up of a server. */
export function poolRole(account: Account, state: CognitoState, iam: () => IamAccount): PoolRole {
  return (identityPoolId, identityId, clientId) => {
    const roles = poolRoles(state, identityPoolId)
    if (roles === undefined) {
      return refuse('ResourceNotFoundException', `IdentityPool '${identityPoolId}' not found.`)
    }
    const arn = identityId === undefined ? roles.unauthenticated : roles.authenticated
    const role = arn === undefined ? undefined : roleByArn(iam(), arn)
    if (role === undefined) {
      const kind = identityId === undefined ? 'unauthenticated' : 'authenticated'
      return refuse(
        'ResourceNotFoundException',
        `IdentityPool '${identityPoolId}' has no role for ${kind} identities`,
      )
    }
    return accept(sideOf(account, iam(), role, { identityPoolId, identityId, clientId }))
  }
}

interface Tested {
  readonly identityPoolId: string
  readonly identityId: string | undefined
  readonly clientId: string | undefined
}

function sideOf(
  account: Account,
  iam: IamAccount,
  role: IamRole,
  { identityPoolId, identityId, clientId }: Tested,
): TestedSide {
  const amr = identityId === undefined ? ['unauthenticated'] : ['authenticated']
  const claims = {
    issuer: cognitoProvider,
    provider: cognitoProvider,
    subject: identityId ?? '',
    audience: identityPoolId,
    amr,
  }
  const identity = sessionIdentity(iam, {
    ...webSession(role, claims, 'CognitoIdentityCredentials'),
    issuedAtMs: 0,
    expiresAtMs: 0,
    policy: identityId === undefined ? guestSessionPolicy : undefined,
    tags: {},
    transitiveTagKeys: [],
  })
  if (identity === undefined) throw new Error('a role of the account has no identity')
  const { [`${cognitoProvider}:sub`]: sub, ...keys } = identityKeys(identity)
  const decider = layeredDecider(
    identity.layers,
    {
      protocol: 'mqtt',
      clientId,
      // A guest's id is not known before there is one.
      keys: contextKeys({
        ...keys,
        ...keysOfRequest(account, {}),
        ...(identityId === undefined ? {} : { [`${cognitoProvider}:sub`]: sub }),
      }),
    },
    account,
  )
  return {
    explain: (action, resource) => decider.explain(action, resource),
    shown: role.policies.map(({ policyName }) => ({ policyName, policyArn: role.arn })),
  }
}
