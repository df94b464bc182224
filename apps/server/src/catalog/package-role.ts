/** Whether the role of the package configuration may do what the catalog does with it (neighbours N74). */
import { PACKAGE_SHADOW } from '@muster/catalog'
import {
  identityKeys,
  layeredDecider,
  roleByArn,
  sessionIdentity,
  type IamAccount,
  type IamRole,
  type Identity,
} from '@muster/iam'
import { iotArn, type Account } from '@muster/model'
import { contextKeys } from '@muster/policy'

/**
 * The first action that the role lacks.
 *
 * @returns undefined where it lacks none, and for a role that the IAM file does not know
 */
export function lackedByRole(
  account: Account,
  iam: IamAccount,
  roleArn: string | undefined,
  thingName: string,
): string | undefined {
  const role = roleArn === undefined ? undefined : roleByArn(iam, roleArn)
  const identity = role && identityOf(iam, role)
  if (identity === undefined) return undefined
  const keys = contextKeys(identityKeys(identity))
  const decider = layeredDecider(identity.layers, { protocol: 'https', keys }, account)
  const shadow = iotArn(account, 'thing', `${thingName}/${PACKAGE_SHADOW}`)
  const needed = [
    ['iot:DescribeEndpoint', '*'],
    ['iot:GetThingShadow', shadow],
    ['iot:UpdateThingShadow', shadow],
  ] as const
  return needed.find(([action, resource]) => decider.decide(action, resource) !== 'allow')?.[0]
}

function identityOf(iam: IamAccount, { roleName, uniqueId }: IamRole): Identity | undefined {
  return sessionIdentity(iam, {
    kind: 'role-session',
    principal: roleName,
    principalId: uniqueId,
    name: 'catalog',
    issuedAtMs: 0,
    expiresAtMs: 0,
    tags: {},
    transitiveTagKeys: [],
  })
}
