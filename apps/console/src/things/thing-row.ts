/** A thing as lists show it, whichever call told of it; pure. */
import type { ThingAttribute, ThingDocument } from '@aws-sdk/client-iot'

/** One row of a list of things. */
export interface ThingRow {
  readonly thingName: string
  readonly thingTypeName: string | undefined
  /** Static groups; undefined where nothing told of them. */
  readonly groupNames: readonly string[] | undefined
  readonly attributes: Readonly<Record<string, string>>
  /** undefined where nothing told of it. */
  readonly connected: boolean | undefined
  /** When it connected or disconnected. */
  readonly since: Date | undefined
  /** AWS's word, of a thing that is not connected. */
  readonly disconnectReason: string | undefined
}

/** Of what the fleet index found. */
export function rowOfDocument(document: ThingDocument): ThingRow {
  const { connectivity } = document
  const connected = connectivity?.connected
  return {
    thingName: document.thingName ?? '',
    thingTypeName: document.thingTypeName,
    groupNames: document.thingGroupNames ?? [],
    attributes: document.attributes ?? {},
    connected,
    since: connectivity?.timestamp ? new Date(connectivity.timestamp) : undefined,
    disconnectReason: connected === true ? undefined : connectivity?.disconnectReason,
  }
}

/**
 * Of what the registry listed.
 *
 * @param connected - as far as events have told
 */
export function rowOfListed(thing: ThingAttribute, connected: boolean | undefined): ThingRow {
  return {
    thingName: thing.thingName ?? '',
    thingTypeName: thing.thingTypeName,
    groupNames: undefined,
    attributes: thing.attributes ?? {},
    connected,
    since: undefined,
    disconnectReason: undefined,
  }
}

/** The names of attributes that rows have, each once, in order. */
export function attributeNames(rows: readonly ThingRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes)))].toSorted()
}
