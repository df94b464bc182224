/** The environment of a server's clients, as lines of a shell. */
import { localOperator, type Operator } from '../flags/environment-operator.ts'
import { answered } from '../flags/live-endpoint.ts'
import { localServer, type LocalServerFlags } from '../flags/local-server.ts'
import { clientEnvironment, hiddenVariables } from './client-environment.ts'
import { shownHost } from './reachable-host.ts'

/** Flags of `muster env`. */
export interface EnvironmentFlags extends LocalServerFlags {
  /** `arn:aws:iam::123456789012:role/ops`. */
  readonly role?: string
  readonly externalId?: string
}

/**
 * Prints `export` lines for the server that the flags name.
 *
 * @throws Error when the role cannot be assumed, with what the server said; when an external id
 *   has no role
 */
export async function printEnvironment(flags: EnvironmentFlags): Promise<void> {
  if (flags.externalId !== undefined && flags.role === undefined) {
    throw new Error('--external-id is for a role: give --role ARN')
  }
  const operator = localOperator()
  const server = localServer(flags)
  const { running, httpPort, region } = server
  if (running === undefined && flags.httpPort === undefined) {
    process.stderr.write(
      `muster: no server runs on the data folder \`${flags.data}\`: these are the default ports\n`,
    )
  }
  const url = `http://${running === undefined ? 'localhost' : shownHost(running.bind)}:${httpPort}`
  const variables = clientEnvironment({
    operator:
      flags.role === undefined
        ? operator
        : await roleKeys({ url, region, operator }, flags.role, flags.externalId),
    region,
    url,
    ...(running !== undefined && { server: running }),
  })
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`)
  const hidden = hiddenVariables.filter((name) => !Object.hasOwn(variables, name))
  process.stdout.write(`${[...lines, `unset ${hidden.join(' ')}`].join('\n')}\n`)
}

async function roleKeys(
  { url, region, operator }: { url: string; region: string; operator: Operator },
  role: string,
  externalId: string | undefined,
): Promise<Operator> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts')
  const sts = new STSClient({ endpoint: url, region, credentials: operator, maxAttempts: 1 })
  try {
    const command = new AssumeRoleCommand({
      RoleArn: role,
      RoleSessionName: 'muster-env',
      ExternalId: externalId,
    })
    const asked = { endpoint: url, operator, profile: undefined }
    const { Credentials: keys } = await answered(asked, () => sts.send(command))
    return {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    }
  } finally {
    sts.destroy()
  }
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}
