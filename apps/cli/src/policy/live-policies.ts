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

/** Where to read, and as whom. */
export interface LiveEndpoint {
  /** Control plane URL; undefined: AWS's own. */
  readonly endpoint: string | undefined
  /** AWS profile; undefined: the environment's credentials, or `test` on a local server. */
  readonly profile: string | undefined
  readonly region: string
}

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
export function clientSettings({
  endpoint,
  profile,
  region,
}: LiveEndpoint): IoTClientConfig & CognitoIdentityClientConfig {
  const host = endpoint === undefined ? undefined : new URL(endpoint).hostname
  const local = host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
  const unsigned = profile === undefined && process.env['AWS_ACCESS_KEY_ID'] === undefined
  const accessKeyId = process.env['MUSTER_ACCESS_KEY_ID'] ?? 'test'
  const secretAccessKey = process.env['MUSTER_SECRET_ACCESS_KEY'] ?? 'test'
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...(local && unsigned ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  }
}
