/**
 * Thing groups in memory: their tree and their members, static and dynamic.
 */
import { NamesByKey } from '../paging/names-by-key.ts'
import { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryPorts } from '../state/ports.ts'
import { RecordTable, type KeptTable } from '../state/record-table.ts'
import type { DynamicGroupBuildRecord, ThingGroupRecord } from '../state/records.ts'
import type { Transaction } from '../state/transaction.ts'

const NONE: readonly string[] = []

/** All thing groups and memberships. */
export class ThingGroupState {
  readonly byName: RecordTable<ThingGroupRecord>
  /** By {@link membershipKey}; the row says whether the membership is of a dynamic group. */
  readonly memberships: RecordTable<boolean>
  /** Dynamic groups whose members are still being found, longest waiting first. */
  readonly builds: RecordTable<DynamicGroupBuildRecord>
  /** Groups that are being erased: nothing comes to them any more. */
  readonly erasures: RecordTable<true>
  readonly names: SortedNames = new SortedNames()
  readonly dynamicNames: SortedNames = new SortedNames()
  /** Direct children of each group. */
  readonly children: NamesByKey = new NamesByKey()
  /** Direct members of each group. */
  readonly members: NamesByKey = new NamesByKey()
  /** What {@link ThingGroupState.dynamicRecords} last answered. */
  #dynamicRecords: readonly ThingGroupRecord[] | undefined
  readonly #staticGroups = new Map<string, readonly string[]>()
  readonly #dynamicGroups = new Map<string, readonly string[]>()

  constructor(ports: RegistryPorts, transaction: Transaction) {
    const { records } = ports
    this.byName = new RecordTable('thingGroup', records, transaction, (name, before, after) =>
      this.#indexGroup(name, before, after),
    )
    this.memberships = new RecordTable(
      'thingGroupMembership',
      records,
      transaction,
      (key, before, after) => this.#indexMembership(key, before, after),
    )
    this.builds = new RecordTable('dynamicGroupBuild', records, transaction)
    this.erasures = new RecordTable('thingGroupErasure', records, transaction, () => {
      this.#dynamicRecords = undefined
    })
  }

  /** Every table of this state: loaded at the start and after a reset. */
  tables(): readonly KeptTable[] {
    return [this.byName, this.memberships, this.builds, this.erasures]
  }

  /** Names of the static groups that hold the thing directly. */
  staticGroups(thingName: string): readonly string[] {
    return this.#staticGroups.get(thingName) ?? NONE
  }

  /** Names of the dynamic groups that hold the thing. */
  dynamicGroups(thingName: string): readonly string[] {
    return this.#dynamicGroups.get(thingName) ?? NONE
  }

  /** All dynamic groups that take things in, by name. */
  dynamicRecords(): readonly ThingGroupRecord[] {
    this.#dynamicRecords ??= Array.from(this.dynamicNames).flatMap((name) =>
      this.erasures.has(name) ? [] : (this.byName.get(name) ?? []),
    )
    return this.#dynamicRecords
  }

  /** Names from the group's parent up to the root. */
  ancestors(thingGroupName: string): string[] {
    const names: string[] = []
    let parent = this.byName.get(thingGroupName)?.parentGroupName
    while (parent !== undefined) {
      names.push(parent)
      parent = this.byName.get(parent)?.parentGroupName
    }
    return names
  }

  /** Name of the group at the top of the group's tree, which may be itself. */
  root(thingGroupName: string): string {
    return this.ancestors(thingGroupName).at(-1) ?? thingGroupName
  }

  /** The group's name, then those of all groups below it, parents first. */
  *withDescendants(thingGroupName: string): Generator<string, void, undefined> {
    yield thingGroupName
    for (const child of this.children.get(thingGroupName)) yield* this.withDescendants(child)
  }

  #indexGroup(
    name: string,
    before: ThingGroupRecord | undefined,
    after: ThingGroupRecord | undefined,
  ): void {
    this.#dynamicRecords = undefined
    if (before !== undefined && after !== undefined) return
    const group = (after ?? before) as ThingGroupRecord
    const parent = group.parentGroupName
    if (after === undefined) {
      this.names.delete(name)
      this.dynamicNames.delete(name)
      if (parent !== undefined) this.children.delete(parent, name)
    } else {
      this.names.add(name)
      if (group.dynamic !== undefined) this.dynamicNames.add(name)
      if (parent !== undefined) this.children.add(parent, name)
    }
  }

  #indexMembership(key: string, before: boolean | undefined, after: boolean | undefined): void {
    const { thingGroupName, thingName } = partsOfMembershipKey(key)
    const groups = (after ?? before) === true ? this.#dynamicGroups : this.#staticGroups
    const others = (groups.get(thingName) ?? NONE).filter((name) => name !== thingGroupName)
    if (after === undefined) {
      this.members.delete(thingGroupName, thingName)
      if (others.length === 0) groups.delete(thingName)
      else groups.set(thingName, others)
    } else {
      this.members.add(thingGroupName, thingName)
      groups.set(thingName, [...others, thingGroupName].sort())
    }
  }
}

/** Key of one membership; neither name can hold a slash (gateway G67). */
export function membershipKey(thingGroupName: string, thingName: string): string {
  return `${thingGroupName}/${thingName}`
}

function partsOfMembershipKey(key: string): { thingGroupName: string; thingName: string } {
  const at = key.indexOf('/')
  return { thingGroupName: key.slice(0, at), thingName: key.slice(at + 1) }
}
