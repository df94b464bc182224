/**
 * The registry as authorization sees it, in a few maps; every change is told as the real one tells
 * it, after it is applied.
 */
import type { DeviceConnection } from '../../src/authorization/authorizer.ts'
import type {
  AuthorizationChange,
  AuthorizationRegistry,
} from '../../src/authorization/registry-ports.ts'

export const account = { region: 'us-east-1', accountId: '123456789012' }

/** ARN in the tests' account. */
export function arn(resource: string): string {
  return `arn:aws:iot:us-east-1:123456789012:${resource}`
}

/** Certificate `c1`, connected as `t1`, unless more is said. */
export function connection(more: Partial<DeviceConnection> = {}): DeviceConnection {
  return {
    certificateId: 'c1',
    clientId: 't1',
    protocol: 'mqtt',
    sourceIp: '192.0.2.1',
    domainName: undefined,
    connectAttributes: [],
    lastWillTopic: undefined,
    ...more,
  }
}

interface FakeThing {
  readonly thingName: string
  readonly attributes: Readonly<Record<string, string>>
}

/** A registry to change at will. */
export class FakeRegistry implements AuthorizationRegistry {
  readonly policies: Map<string, string> = new Map()
  readonly attachments: Map<string, Set<string>> = new Map()
  readonly things: Map<string, FakeThing> = new Map()
  readonly principals: Map<string, Map<string, boolean>> = new Map()
  readonly groups: Map<string, string | undefined> = new Map()
  readonly members: Map<string, Set<string>> = new Map()
  readonly certificates: Set<string> = new Set()
  /** Lookups made so far: evaluators that stay bound make none. */
  lookups = 0
  tell: (change: AuthorizationChange) => void = () => undefined

  certificate(certificateId: string): { certificatePem: string } | undefined {
    return this.certificates.has(certificateId) ? { certificatePem: certificateId } : undefined
  }

  thing(thingName: string): FakeThing | undefined {
    return this.things.get(thingName)
  }

  thingsOfPrincipal(principal: string): readonly { thingName: string; exclusive: boolean }[] {
    this.lookups += 1
    return [...(this.principals.get(principal) ?? [])].map(([thingName, exclusive]) => ({
      thingName,
      exclusive,
    }))
  }

  policiesOfTarget(target: string): readonly string[] {
    return [...(this.attachments.get(target) ?? [])].toSorted()
  }

  defaultPolicyDocument(policyName: string): string | undefined {
    return this.policies.get(policyName)
  }

  staticGroupsOfThing(thingName: string): readonly string[] {
    const names: string[] = []
    for (const [group, members] of this.members) {
      if (!members.has(thingName)) continue
      for (let name: string | undefined = group; name !== undefined; name = this.groups.get(name)) {
        if (!names.includes(name)) names.push(name)
      }
    }
    return names
  }

  groupArn(name: string): string {
    return arn(`thinggroup/${name}`)
  }

  setPolicy(policyName: string, ...statements: readonly object[]): void {
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    const documentBefore = this.policies.get(policyName)
    this.policies.set(policyName, document)
    this.tell({ kind: 'policy', policyName, documentBefore })
  }

  attachPolicy(policyName: string, target: string): void {
    this.attachments.set(target, (this.attachments.get(target) ?? new Set()).add(policyName))
    this.tell({ kind: 'policyAttachment', policyName, target, attached: true })
  }

  detachPolicy(policyName: string, target: string): void {
    this.attachments.get(target)?.delete(policyName)
    this.tell({ kind: 'policyAttachment', policyName, target, attached: false })
  }

  setThing(thingName: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.things.set(thingName, { thingName, attributes })
    this.tell({ kind: 'thing', thingName })
  }

  deleteThing(thingName: string): void {
    for (const principal of this.principals.keys()) this.detachThing(thingName, principal)
    for (const group of this.members.keys()) this.removeMember(group, thingName)
    this.things.delete(thingName)
    this.tell({ kind: 'thing', thingName })
  }

  attachThing(thingName: string, principal: string, exclusive = false): void {
    const things = this.principals.get(principal) ?? new Map<string, boolean>()
    this.principals.set(principal, things.set(thingName, exclusive))
    this.tell({ kind: 'thingPrincipal', principal })
  }

  detachThing(thingName: string, principal: string): void {
    if (this.principals.get(principal)?.delete(thingName) === true) {
      this.tell({ kind: 'thingPrincipal', principal })
    }
  }

  addGroup(thingGroupName: string, parent?: string): void {
    this.groups.set(thingGroupName, parent)
    this.tell({ kind: 'thingGroup', thingGroupName })
  }

  addMember(group: string, thingName: string): void {
    this.members.set(group, (this.members.get(group) ?? new Set()).add(thingName))
    this.tell({ kind: 'thingGroupMembership', thingName })
  }

  removeMember(group: string, thingName: string): void {
    if (this.members.get(group)?.delete(thingName) === true) {
      this.tell({ kind: 'thingGroupMembership', thingName })
    }
  }
}
