/** The policies of an account, read by AWS's own operations. */
import { IoTClient, paginateListPolicies, GetPolicyCommand } from '@aws-sdk/client-iot'

/** Where to read, and as whom. */
export interface LiveEndpoint {
  /** Control plane URL; undefined: AWS's own. */
  readonly endpoint: string | undefined
  /** AWS profile; undefined: the environment's credentials, or `test` on a local server. */
  readonly profile: string | undefined
  readonly region: string
}

/** Every policy with its default document. */
export async function* livePolicies({
  endpoint,
  profile,
  region,
}: LiveEndpoint): AsyncIterable<{ policyName: string; policyDocument: string }> {
  const host = endpoint === undefined ? undefined : new URL(endpoint).hostname
  const local = host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
  const unsigned = profile === undefined && process.env['AWS_ACCESS_KEY_ID'] === undefined
  const accessKeyId = process.env['MUSTER_ACCESS_KEY_ID'] ?? 'test'
  const secretAccessKey = process.env['MUSTER_SECRET_ACCESS_KEY'] ?? 'test'
  const client = new IoTClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...(local && unsigned ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  })
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
