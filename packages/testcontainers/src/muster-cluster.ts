/** A core with gateways over NATS, on PostgreSQL where that is asked for: each a container of its own. */
import {
  GenericContainer,
  getContainerRuntimeClient,
  Network,
  PullPolicy,
  Wait,
  type StartedNetwork,
  type StartedTestContainer,
} from 'testcontainers'
import {
  clusterSecrets,
  engineHosts,
  natsConfiguration,
  type ClusterSecrets,
} from './cluster-secrets.ts'
import { newOperator, newSecret } from './secrets.ts'
import { clusterPorts, StartedMusterCluster } from './started-muster-cluster.ts'

const images = {
  muster: 'muster:latest',
  nats: 'nats:2.12-alpine',
  postgres: 'postgres:17-bookworm',
} as const
const startupTimeoutMs = 120_000
const keyMode = 0o644

/**
 * PostgreSQL takes a key only from its own user. Of the image nothing is used but its programs, so that any will do
 * that has them, and `su`.
 */
const postgresScript = `set -e
for found in /usr/lib/postgresql/*/bin; do PATH="$found:$PATH"; done
export PATH
mkdir -p /state && cp /keys/postgres.key /keys/password /state/
chown -R postgres /state && chmod 700 /state && chmod 600 /state/postgres.key
as() { su postgres -s /bin/sh -c "PATH='$PATH' $1"; }
as 'initdb -D /state/data -U muster -A scram-sha-256 --pwfile=/state/password' >/dev/null
echo 'hostssl all muster all scram-sha-256' >> /state/data/pg_hba.conf
exec su postgres -s /bin/sh -c "PATH='$PATH' exec postgres -D /state/data -k /state \\
  -c listen_addresses='*' -c ssl=on -c ssl_cert_file=/keys/postgres.pem \\
  -c ssl_key_file=/state/postgres.key"
`

/** Not yet started. */
export class MusterCluster {
  readonly #image: string
  #gateways = 2
  #natsImage: string = images.nats
  #postgresImage: string | undefined
  #region = 'us-east-1'
  #clock = 'system'
  #localImagesOnly = false

  /** @param image - of core and gateways, built by `infra/build-image.sh` or taken from a registry */
  constructor(image: string = images.muster) {
    this.#image = image
  }

  /** How many gateways; 2 when not said. */
  withGateways(count: number): this {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(`expected at least one gateway, not ${count}`)
    }
    this.#gateways = count
    return this
  }

  /** An image that has `nats-server`. */
  withNatsImage(image: string): this {
    this.#natsImage = image
    return this
  }

  /** Keeps the account in PostgreSQL instead of a file of the core. @param image - one that has its programs */
  withPostgres(image: string = images.postgres): this {
    this.#postgresImage = image
    return this
  }

  /** The region of the account; `us-east-1` when not said. */
  withRegion(region: string): this {
    this.#region = region
    return this
  }

  /** `system`, `virtual` (moved by `POST /_muster/clock`) or `xN`. */
  withClock(clock: string): this {
    this.#clock = clock
    return this
  }

  /** As `MusterContainer.withLocalImagesOnly`: nothing is fetched from a registry. */
  withLocalImagesOnly(): this {
    this.#localImagesOnly = true
    return this
  }

  /**
   * Starts everything and waits until all gateways take clients.
   *
   * Rejects when no container runtime answers, an image is neither here nor to be had, or a part is not up
   * within two minutes; what was started by then is stopped.
   */
  async start(): Promise<StartedMusterCluster> {
    if (this.#localImagesOnly) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
    const runtime = await getContainerRuntimeClient()
    const secrets = await clusterSecrets(Date.now())
    const network = await new Network().start()
    const started: StartedTestContainer[] = []
    const run = async (container: GenericContainer): Promise<StartedTestContainer> => {
      const one = await container.start()
      started.push(one)
      return one
    }
    try {
      const [nats, postgres] = await allOrNone([
        run(this.#nats(network, secrets)),
        this.#postgresImage === undefined
          ? undefined
          : run(this.#postgres(network, secrets, this.#postgresImage)),
      ])
      const operator = newOperator()
      const adminToken = newSecret()
      const muster = this.#muster(network, secrets).withEnvironment({
        MUSTER_ADMIN_TOKEN: adminToken,
        MUSTER_JOIN_TOKEN: secrets.joinToken,
        MUSTER_ACCESS_KEY_ID: operator.accessKeyId,
        MUSTER_SECRET_ACCESS_KEY: operator.secretAccessKey,
      })
      const hostnames = new Set(['localhost', runtime.info.containerRuntime.host])
      const core = await run(this.#core(muster, secrets, [...hostnames]))
      const gateways = await allOrNone(
        Array.from({ length: this.#gateways }, (_, at) =>
          run(this.#gateway(network, secrets, adminToken, `gateway-${at + 1}`)),
        ),
      )
      const region = this.#region
      const parts = { network, nats, postgres, core, gateways, region, operator, adminToken }
      return new StartedMusterCluster(parts)
    } catch (cause) {
      await Promise.all(started.map((container) => container.stop()))
      await network.stop()
      throw cause
    }
  }

  #container(image: string, network: StartedNetwork): GenericContainer {
    const container = new GenericContainer(image)
      .withNetwork(network)
      .withStartupTimeout(startupTimeoutMs)
    return this.#localImagesOnly ? container.withPullPolicy(PullPolicy.neverPull()) : container
  }

  #nats(network: StartedNetwork, secrets: ClusterSecrets): GenericContainer {
    return this.#container(this.#natsImage, network)
      .withNetworkAliases(engineHosts.nats)
      .withCopyContentToContainer([
        { content: natsConfiguration(secrets), target: '/keys/nats.conf', mode: keyMode },
        { content: secrets.nats.certificatePem, target: '/keys/nats.pem', mode: keyMode },
        { content: secrets.nats.privateKeyPem, target: '/keys/nats.key', mode: keyMode },
      ])
      .withEntrypoint(['sh', '-c'])
      .withCommand(['PATH="$PATH:/usr/sbin" exec nats-server -c /keys/nats.conf'])
      .withWaitStrategy(Wait.forLogMessage('Server is ready'))
  }

  #postgres(network: StartedNetwork, secrets: ClusterSecrets, image: string): GenericContainer {
    const { certificatePem, privateKeyPem } = secrets.postgres
    return this.#container(image, network)
      .withNetworkAliases(engineHosts.postgres)
      .withCopyContentToContainer([
        { content: certificatePem, target: '/keys/postgres.pem', mode: keyMode },
        { content: privateKeyPem, target: '/keys/postgres.key', mode: keyMode },
        { content: secrets.postgresPassword, target: '/keys/password', mode: keyMode },
      ])
      .withEntrypoint(['sh', '-c'])
      .withCommand([postgresScript])
      .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections'))
  }

  #muster(network: StartedNetwork, secrets: ClusterSecrets): GenericContainer {
    return this.#container(this.#image, network).withCopyContentToContainer([
      { content: secrets.caPem, target: '/keys/ca.pem', mode: keyMode },
      { content: secrets.storeKey, target: '/keys/store.key', mode: keyMode },
    ])
  }

  #core(
    muster: GenericContainer,
    secrets: ClusterSecrets,
    hostnames: readonly string[],
  ): GenericContainer {
    const database = `postgres://muster@${engineHosts.postgres}/postgres`
    const store = [
      `--store=${database}?sslmode=verify-full&sslrootcert=/keys/ca.pem`,
      '--store-key-file=/keys/store.key',
    ]
    return muster
      .withExposedPorts(clusterPorts.http)
      .withEnvironment({
        MUSTER_BUS_USER: 'core',
        MUSTER_BUS_PASSWORD: secrets.corePassword,
        PGPASSWORD: secrets.postgresPassword,
      })
      .withCommand([
        'core',
        '--json',
        '--bind=0.0.0.0',
        '--data=/data',
        `--region=${this.#region}`,
        `--clock=${this.#clock}`,
        ...hostnames.map((name) => `--hostname=${name}`),
        ...this.#bus,
        ...(this.#postgresImage === undefined ? [] : store),
      ])
      .withWaitStrategy(Wait.forHttp('/_muster/health', clusterPorts.http).forStatusCode(200))
  }

  #gateway(
    network: StartedNetwork,
    secrets: ClusterSecrets,
    adminToken: string,
    name: string,
  ): GenericContainer {
    const { health } = clusterPorts
    return this.#muster(network, secrets)
      .withExposedPorts(clusterPorts.mqtt, clusterPorts.https, clusterPorts.alpn, health)
      .withEnvironment({
        MUSTER_ADMIN_TOKEN: adminToken,
        MUSTER_JOIN_TOKEN: secrets.joinToken,
        MUSTER_BUS_USER: 'gateways',
        MUSTER_BUS_PASSWORD: secrets.gatewaysPassword,
      })
      .withCommand([
        'gateway',
        '--json',
        '--bind=0.0.0.0',
        `--name=${name}`,
        `--health-port=${health}`,
        ...this.#bus,
      ])
      .withWaitStrategy(Wait.forHttp('/_muster/health', health).forStatusCode(200))
  }

  get #bus(): string[] {
    return [`--bus=nats://${engineHosts.nats}:4222`, '--bus-ca=/keys/ca.pem']
  }
}

/** As `Promise.all`, but it rejects once all are over: what is still being started could not be stopped. */
async function allOrNone<const T extends readonly unknown[]>(
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting)
  return await Promise.all(starting)
}
