/** What the containers of one cluster show each other: made for it, and gone with it. */
import { createAuthority, issueServerCertificate } from '@muster/pki'
import { newSecret } from './secrets.ts'

/** Names of the engines on the cluster's network. */
export const engineHosts = { nats: 'nats', postgres: 'postgres' } as const

/** A certificate with its key, in PEM. */
interface Certified {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

export interface ClusterSecrets {
  /** Of the authority that certifies the engines. */
  readonly caPem: string
  readonly nats: Certified
  readonly postgres: Certified
  readonly joinToken: string
  readonly storeKey: string
  /** Of NATS's users `core` and `gateways`. */
  readonly corePassword: string
  readonly gatewaysPassword: string
  readonly postgresPassword: string
}

/** @param nowMs - wall time, epoch milliseconds */
export async function clusterSecrets(nowMs: number): Promise<ClusterSecrets> {
  const authority = await createAuthority({ nowMs, commonName: 'Muster cluster' })
  const certified = async (host: string): Promise<Certified> =>
    await issueServerCertificate(authority, { hostnames: [host], keyType: 'EC', nowMs })
  return {
    caPem: authority.certificatePem,
    nats: await certified(engineHosts.nats),
    postgres: await certified(engineHosts.postgres),
    joinToken: newSecret(),
    storeKey: newSecret(),
    corePassword: newSecret(),
    gatewaysPassword: newSecret(),
    postgresPassword: newSecret(),
  }
}

/** NATS's configuration: TLS, and users of which none but the core can speak as the core. */
export function natsConfiguration(secrets: ClusterSecrets): string {
  const user = (
    name: string,
    password: string,
    publish: string[],
    subscribe: string[],
  ): object => ({
    user: name,
    password,
    permissions: { publish, subscribe },
  })
  // NATS reads JSON as its own format.
  return JSON.stringify({
    port: 4222,
    tls: { cert_file: '/keys/nats.pem', key_file: '/keys/nats.key' },
    authorization: {
      users: [
        user(
          'core',
          secrets.corePassword,
          ['muster.down.*', 'muster.inbox.>'],
          ['muster.join.*', 'muster.up.*'],
        ),
        user(
          'gateways',
          secrets.gatewaysPassword,
          ['muster.join.*', 'muster.up.*'],
          ['muster.down.*', 'muster.inbox.>'],
        ),
      ],
    },
  })
}
