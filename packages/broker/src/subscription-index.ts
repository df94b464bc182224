/**
 * All subscriptions of all sessions, by filter (gateway G40, G44).
 */
import { limits } from './limits.ts'
import type { Session, Subscription } from './session.ts'
import { SubscriptionTree } from './subscription-tree.ts'

/** Members of one `$share/NAME/FILTER`. */
export interface SharedGroup {
  readonly filter: string
  readonly members: Map<Session, Subscription>
}

/** Who stands behind one filter. */
export interface Subscribers {
  readonly plain: Map<Session, Subscription>
  /** By share name; undefined when there is none. */
  shared: Map<string, SharedGroup> | undefined
}

export class SubscriptionIndex {
  readonly #tree = new SubscriptionTree<Subscribers>()
  /** How many filters use a share name. */
  readonly #groups = new Map<string, SharedGroup>()
  #size = 0

  /** Subscriptions of all sessions. */
  get size(): number {
    return this.#size
  }

  /**
   * Whether a subscription fits into its shared group (gateway G44).
   *
   * @returns false when there are too many groups, or too many members in this one
   */
  fits(subscription: Subscription): boolean {
    if (subscription.parsed.shareName === undefined) return true
    const group = this.#groups.get(subscription.parsed.filter)
    if (group === undefined) return this.#groups.size < limits.sharedGroupsMax
    if (group.members.has(subscription.session)) return true
    return group.members.size < limits.subscriptionsPerSharedGroupMax
  }

  /** Adds or replaces the session's subscription with this filter. */
  add(subscription: Subscription): void {
    const { matching, shareName, filter } = subscription.parsed
    let subscribers = this.#tree.get(matching)
    if (subscribers === undefined) {
      subscribers = { plain: new Map(), shared: undefined }
      this.#tree.set(matching, subscribers)
    }
    if (shareName === undefined) {
      if (!subscribers.plain.has(subscription.session)) this.#size++
      subscribers.plain.set(subscription.session, subscription)
      return
    }
    subscribers.shared ??= new Map()
    let group = subscribers.shared.get(shareName)
    if (group === undefined) {
      group = { filter, members: new Map() }
      subscribers.shared.set(shareName, group)
      this.#groups.set(filter, group)
    }
    if (!group.members.has(subscription.session)) this.#size++
    group.members.set(subscription.session, subscription)
  }

  remove(subscription: Subscription): void {
    const { matching, shareName, filter } = subscription.parsed
    const subscribers = this.#tree.get(matching)
    if (subscribers === undefined) return
    if (shareName === undefined) {
      if (subscribers.plain.delete(subscription.session)) this.#size--
    } else {
      const group = subscribers.shared?.get(shareName)
      if (group?.members.delete(subscription.session) === true) this.#size--
      if (group?.members.size === 0) {
        subscribers.shared?.delete(shareName)
        this.#groups.delete(filter)
      }
      if (subscribers.shared?.size === 0) subscribers.shared = undefined
    }
    if (subscribers.plain.size === 0 && subscribers.shared === undefined) {
      this.#tree.delete(matching)
    }
  }

  match(topic: string, found: (subscribers: Subscribers) => void): void {
    this.#tree.match(topic, found)
  }

  reaches(topic: string): boolean {
    return this.#tree.reaches(topic)
  }
}
