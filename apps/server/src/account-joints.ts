/**
 * Who hears what: where the news of one part of the account becomes the commands of others. The
 * parts are opened one after the other and each needs some of the others; here they meet.
 */
import type { ReservedServices } from '@muster/broker'
import type { InstalledPackages } from '@muster/jobs'
import type { RegistryChange } from '@muster/registry'
import type { ShadowName } from '@muster/shadow'

/** Those who hear of others, as far as they hear. */
export interface AccountParts {
  readonly registry: {
    connectivityChanged(clientId: string): void
    shadowChanged(thingName: string, shadowName: string): void
  }
  readonly groupBuilds: { wake(): void }
  readonly broker: { disconnectPrincipal(principalId: string): void }
  readonly policies: { onRegistryChange(change: RegistryChange, counts: () => void): void }
  readonly devices: { onRegistryChange(change: RegistryChange): void }
  readonly timelines: { forget(thingName: string): void }
  readonly events: (change: RegistryChange) => void
  readonly jobs: {
    onRegistryChange(change: RegistryChange): void
    readonly reserved: ReservedServices['jobs']
  }
  readonly provisioning: {
    arm(): void
    readonly reserved: ReservedServices['provisioning']
  }
  readonly shadows: { readonly reserved: ReservedServices['shadows'] }
  readonly streams: { readonly reserved: ReservedServices['streams'] }
  readonly catalog: { installed(packages: InstalledPackages): void }
}

/** The joints; news from before {@link join} are told then, in their order. */
export class AccountJoints {
  #parts: AccountParts | undefined
  #early: ((parts: AccountParts) => void)[] = []

  /** Whom publishes to reserved topics call; nobody before {@link join}. */
  readonly reserved: ReservedServices = {
    jobs: (topic) => this.#parts?.jobs.reserved(topic),
    provisioning: (topic) => this.#parts?.provisioning.reserved(topic),
    shadows: (topic) => this.#parts?.shadows.reserved(topic),
    streams: (topic) => this.#parts?.streams.reserved(topic),
  }

  /** Everyone is there. */
  join(parts: AccountParts): void {
    this.#parts = parts
    const early = this.#early
    this.#early = []
    for (const tell of early) tell(parts)
  }

  /** Takes what the registry changed. */
  registryChanged(change: RegistryChange): void {
    this.#tell(({ broker, devices, events, jobs, policies, provisioning, timelines }) => {
      policies.onRegistryChange(change, () => devices.onRegistryChange(change))
      events(change)
      jobs.onRegistryChange(change)
      provisioning.arm()
      if (change.kind === 'certificate' && change.after?.status !== 'ACTIVE') {
        broker.disconnectPrincipal(change.certificateId)
      }
      if (change.kind === 'thing' && change.after === undefined) timelines.forget(change.thingName)
    })
  }

  /** Takes that a client connected or left. */
  presenceChanged(clientId: string): void {
    this.#tell(({ registry }) => registry.connectivityChanged(clientId))
  }

  /** Takes that a shadow came to be, changed or went. */
  shadowChanged({ thingName, shadowName }: ShadowName): void {
    this.#tell(({ registry }) => registry.shadowChanged(thingName, shadowName))
  }

  /** Takes what a device installed by a job. */
  installed(packages: InstalledPackages): void {
    this.#tell(({ catalog }) => catalog.installed(packages))
  }

  /** Takes that dynamic groups wait to be built. */
  groupsWait(): void {
    this.#tell(({ groupBuilds }) => groupBuilds.wake())
  }

  #tell(tell: (parts: AccountParts) => void): void {
    if (this.#parts === undefined) this.#early.push(tell)
    else tell(this.#parts)
  }
}
