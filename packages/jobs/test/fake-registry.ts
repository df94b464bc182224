/**
 * Things and static groups in maps: what the engine asks of a registry, and a way to change it.
 */
import type { Tag } from '@aws-sdk/client-iot'
import type { JobRegistry } from '../src/index.ts'

/** A registry for tests; changes tell nobody, the test tells the engine. */
export class FakeRegistry implements JobRegistry {
  readonly things: Set<string> = new Set()
  readonly parents: Map<string, string | undefined> = new Map()
  readonly members: Map<string, Set<string>> = new Map()
  readonly tags: Map<string, readonly Tag[]> = new Map()

  addGroup(thingGroupName: string, parent?: string): void {
    this.parents.set(thingGroupName, parent)
    this.members.set(thingGroupName, new Set())
  }

  thingExists(thingName: string): boolean {
    return this.things.has(thingName)
  }

  groupExists(thingGroupName: string): boolean {
    return this.parents.has(thingGroupName)
  }

  *thingsInGroup(thingGroupName: string): Iterable<string> {
    yield* this.members.get(thingGroupName) ?? []
    for (const [child, parent] of this.parents) {
      if (parent === thingGroupName) yield* this.thingsInGroup(child)
    }
  }

  *groupsOfThing(thingName: string): Iterable<string> {
    for (const [group, members] of this.members) {
      if (!members.has(thingName)) continue
      yield group
      yield* this.ancestorsOfGroup(group)
    }
  }

  *ancestorsOfGroup(thingGroupName: string): Iterable<string> {
    const parent = this.parents.get(thingGroupName)
    if (parent === undefined) return
    yield parent
    yield* this.ancestorsOfGroup(parent)
  }

  groupId(thingGroupName: string): string | undefined {
    return this.groupExists(thingGroupName) ? `id-of-${thingGroupName}` : undefined
  }

  groupNameOfId(thingGroupId: string): string | undefined {
    return [...this.parents.keys()].find((name) => `id-of-${name}` === thingGroupId)
  }

  addTags(resourceArn: string, tags: readonly Tag[]): void {
    this.tags.set(resourceArn, tags)
  }

  dropTags(resourceArn: string): void {
    this.tags.delete(resourceArn)
  }
}
