/** Policies and pools of an account, read by AWS's own operations. */
import {
  CognitoIdentityClient,
  GetIdentityPoolRolesCommand,
  paginateListIdentityPools,
  type CognitoIdentityClientConfig,
} from '@aws-sdk/client-cognito-identity'
import {
  GetPolicyCommand,
  IoTClient,
  paginateListPolicies,
  type IoTClientConfig,
} from '@aws-sdk/client-iot'
import type { AuditedPool } from '@muster/server/pool-roles-audit'
import { localOperator, type Operator } from '../flags/environment-operator.ts'
import type { LiveEndpoint } from '../flags/live-endpoint.ts'

/** Every policy with its default document. */
export async function* livePolicies(
  where: LiveEndpoint,
): AsyncIterable<{ policyName: string; policyDocument: string }> {
  const client = new IoTClient(clientSettings(where))
  try {
    for await (const { policies = [] } of paginateListPolicies({ client, pageSize: 250 }, {})) {
      for (const { policyName } of policies) {
        const { policyDocument } = await client.send(new GetPolicyCommand({ policyName }))
        if (policyName !== undefined && policyDocument !== undefined) {
          yield { policyName, policyDocument }
        }
      }
    }
  } finally {
    client.destroy()
  }
}

const POOLS_A_PAGE = 60

/** The roles of every identity pool. */
export async function* livePools(where: LiveEndpoint): AsyncIterable<AuditedPool> {
  const client = new CognitoIdentityClient(clientSettings(where))
  try {
    const pages = paginateListIdentityPools(
      { client, pageSize: POOLS_A_PAGE },
      { MaxResults: POOLS_A_PAGE },
    )
    for await (const { IdentityPools = [] } of pages) {
      for (const { IdentityPoolId } of IdentityPools) {
        const { Roles = {}, RoleMappings } = await client.send(
          new GetIdentityPoolRolesCommand({ IdentityPoolId }),
        )
        yield { Roles, RoleMappings: RoleMappings as AuditedPool['RoleMappings'] }
      }
    }
  } finally {
    client.destroy()
  }
}

/** Settings of a client for the place. */
export function clientSettings(where: LiveEndpoint): IoTClientConfig & CognitoIdentityClientConfig {
  const { endpoint, operator = keysOfLoopback(where), profile, region } = where
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...(operator === undefined ? {} : { credentials: operator }),
  }
}

/** Of an `--endpoint` on loopback that nobody gave AWS keys for. */
function keysOfLoopback({ endpoint, profile }: LiveEndpoint): Operator | undefined {
  const host = endpoint === undefined ? undefined : new URL(endpoint).hostname
  const isLoopback = host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
  if (!isLoopback || profile !== undefined) return undefined
  if (process.env['AWS_ACCESS_KEY_ID'] !== undefined) return undefined
  return localOperator()
}
