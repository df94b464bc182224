/** Changes of what a device may do, there and back. */
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateThingGroupCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteThingGroupCommand,
  DetachPolicyCommand,
  ListPolicyVersionsCommand,
  RemoveThingFromThingGroupCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot'
import { certificateIdOf } from '@muster/fleet'
import type { DeviceProtocol } from '../worker/worker-messages.ts'
import type { DirectorOptions } from './director.ts'
import { topics } from './topics.ts'

/** What is changed. */
export type Change = 'policy version' | 'attachment' | 'group' | 'attribute'

/** Groups and attributes say nothing over HTTPS (authz F4, X12). */
export function changesOf(protocol: DeviceProtocol): readonly Change[] {
  return protocol === 'https'
    ? ['policy version', 'attachment']
    : ['policy version', 'attachment', 'group', 'attribute']
}

/** Makes and unmakes them, each for one probe. */
export class Changes {
  readonly #options: DirectorOptions
  readonly #state = new Map<Change, boolean>()
  readonly #undo: (() => Promise<unknown>)[] = []

  constructor(options: DirectorOptions) {
    this.#options = options
  }

  /** Where the probe publishes. */
  topic(thingName: string): string {
    return `${topics.churn(thingName)}/open`
  }

  /** What the change says now. */
  allows(change: Change): boolean {
    return this.#state.get(change) ?? false
  }

  /** Makes what the change is made with; nothing is allowed yet. */
  async prepare(change: Change, thingName: string): Promise<void> {
    const { client } = this.#options
    const policyName = this.#policyName(change)
    const policyDocument = this.#document(change, thingName, change !== 'policy version')
    await client.send(new CreatePolicyCommand({ policyName, policyDocument }))
    this.#undo.push(() => client.send(new DeletePolicyCommand({ policyName })))
    if (change === 'policy version') this.#undo.push(() => this.#deleteVersions(policyName))
    if (change === 'group') {
      const thingGroupName = policyName
      const { thingGroupArn: target = '' } = await client.send(
        new CreateThingGroupCommand({ thingGroupName }),
      )
      this.#undo.push(() => client.send(new DeleteThingGroupCommand({ thingGroupName })))
      await this.#attach(policyName, target)
    } else if (change !== 'attachment') {
      await this.#attach(policyName, this.#certificateArn(thingName))
    }
  }

  /** Makes the change; resolves when the server has said that it is made. */
  async make(change: Change, thingName: string, allows: boolean): Promise<void> {
    const { client } = this.#options
    const policyName = this.#policyName(change)
    const target = this.#certificateArn(thingName)
    const thingGroupName = policyName
    const attributes = { stage: allows ? 'open' : 'shut' }
    const policyDocument = this.#document(change, thingName, allows)
    switch (change) {
      case 'policy version':
        await this.#deleteVersions(policyName)
        await client.send(
          new CreatePolicyVersionCommand({ policyName, policyDocument, setAsDefault: true }),
        )
        break
      case 'attachment':
        if (allows) await client.send(new AttachPolicyCommand({ policyName, target }))
        else await client.send(new DetachPolicyCommand({ policyName, target }))
        break
      case 'group':
        if (allows)
          await client.send(new AddThingToThingGroupCommand({ thingGroupName, thingName }))
        else await client.send(new RemoveThingFromThingGroupCommand({ thingGroupName, thingName }))
        break
      case 'attribute':
        await client.send(
          new UpdateThingCommand({ thingName, attributePayload: { attributes, merge: true } }),
        )
        break
    }
    this.#state.set(change, allows)
  }

  /** Removes all that was made, whatever state it is in. */
  async undo(): Promise<void> {
    const { devices } = this.#options
    for (const [change, allows] of this.#state) {
      const place = changesOf('mqtt-5').indexOf(change)
      const thingName = devices[place]?.thingName
      if (change === 'attachment' && allows && thingName !== undefined) {
        await this.make('attachment', thingName, false)
      }
    }
    for (const step of this.#undo.splice(0).reverse()) await step()
  }

  async #attach(policyName: string, target: string): Promise<void> {
    const { client } = this.#options
    await client.send(new AttachPolicyCommand({ policyName, target }))
    this.#undo.push(() => client.send(new DetachPolicyCommand({ policyName, target })))
  }

  /** A policy has at most five versions: those that are not its default go. */
  async #deleteVersions(policyName: string): Promise<void> {
    const { client } = this.#options
    const input = { policyName }
    const { policyVersions = [] } = await client.send(new ListPolicyVersionsCommand(input))
    for (const { isDefaultVersion, versionId: policyVersionId } of policyVersions) {
      if (isDefaultVersion === true) continue
      await client.send(new DeletePolicyVersionCommand({ policyName, policyVersionId }))
    }
  }

  #policyName(change: Change): string {
    return `load-${this.#options.runId}-${change.replace(' ', '-')}`
  }

  #document(change: Change, thingName: string, allows: boolean): string {
    const open = change === 'attribute' ? '${iot:Connection.Thing.Attributes[stage]}' : 'open'
    const topic = `${topics.churn(thingName)}/${allows ? open : 'nowhere'}`
    return JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'iot:Publish', Resource: this.#arn(`topic/${topic}`) },
      ],
    })
  }

  #certificateArn(thingName: string): string {
    const { certificatePem } = this.#options.identities.load(thingName)
    return this.#arn(`cert/${certificateIdOf(certificatePem)}`)
  }

  #arn(resource: string): string {
    const { accountId, partition, region } = this.#options.fleet
    return `arn:${partition}:iot:${region}:${accountId}:${resource}`
  }
}
