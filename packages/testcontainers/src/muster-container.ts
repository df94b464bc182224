/** A Muster server in a container, for tests of programs that talk to AWS IoT. */
import { GenericContainer, getContainerRuntimeClient, PullPolicy, Wait } from 'testcontainers'
import { newOperator, newSecret } from './secrets.ts'
import { StartedMusterContainer } from './started-muster-container.ts'

/** Ports inside the container; the machine's are mapped to free ones. */
const ports = { mqtt: 8883, https: 8443, alpn: 9443, http: 4566 } as const

const imageDefault = 'muster:latest'
const startupTimeoutMs = 60_000

/**
 * Not yet started. Each container has an account, an authority and keys of its own and keeps
 * nothing after it was stopped.
 */
export class MusterContainer extends GenericContainer {
  readonly #operator = newOperator()
  readonly #adminToken = newSecret()
  #region = 'us-east-1'
  #clock = 'system'
  #localImagesOnly = false

  /** @param image - built by `infra/build-image.sh` or taken from a registry */
  constructor(image: string = imageDefault) {
    super(image)
    this.withExposedPorts(...Object.values(ports))
    this.withWaitStrategy(Wait.forHttp('/_muster/health', ports.http).forStatusCode(200))
    this.withStartupTimeout(startupTimeoutMs)
    this.withEnvironment({
      MUSTER_ACCESS_KEY_ID: this.#operator.accessKeyId,
      MUSTER_SECRET_ACCESS_KEY: this.#operator.secretAccessKey,
    })
  }

  /** The region of the server's account; `us-east-1` when not said. */
  withRegion(region: string): this {
    this.#region = region
    return this
  }

  /** `system`, `virtual` (moved by `POST /_muster/clock`) or `xN`. */
  withClock(clock: string): this {
    this.#clock = clock
    return this
  }

  /**
   * No image is fetched from a registry: the server's must be here already, and the companion that
   * cleans up after crashed tests (Ryuk, an image of its own) is left out for the whole process, so
   * that a crashed test leaves its container behind. Takes effect when it stands before the first
   * `start` of any container in the process.
   */
  withLocalImagesOnly(): this {
    this.#localImagesOnly = true
    return this.withPullPolicy(PullPolicy.neverPull())
  }

  /**
   * Starts the server and waits until it answers.
   *
   * Rejects when no container runtime answers, the image is neither here nor to be had, or the
   * server is not up within a minute.
   */
  override async start(): Promise<StartedMusterContainer> {
    // The library knows no other way to say so.
    if (this.#localImagesOnly) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
    const runtime = await getContainerRuntimeClient()
    const hostnames = new Set(['localhost', runtime.info.containerRuntime.host])
    this.withCommand([
      'up',
      '--json',
      '--bind=0.0.0.0',
      '--data=/data',
      `--region=${this.#region}`,
      `--clock=${this.#clock}`,
      `--admin-token=${this.#adminToken}`,
      ...[...hostnames].map((name) => `--hostname=${name}`),
    ])
    return new StartedMusterContainer(await super.start(), {
      ports,
      region: this.#region,
      operator: this.#operator,
      adminToken: this.#adminToken,
    })
  }
}
