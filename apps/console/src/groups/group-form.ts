/** What the forms of groups hold, and what is wrong with them; pure. */
import type { DescribeThingGroupResponse } from '@aws-sdk/client-iot'
import { attributeProblems, type AttributeTyped } from '../things/thing-form.ts'

/** The form's values, as typed. */
export interface GroupForm {
  readonly groupName: string
  readonly description: string
  /** Empty for none; of static groups. */
  readonly parentGroupName: string
  /** Of dynamic groups. */
  readonly queryString: string
  readonly attributes: readonly AttributeTyped[]
}

/** A form for a new group. */
export function emptyGroupForm(parentGroupName: string): GroupForm {
  return { groupName: '', description: '', parentGroupName, queryString: '', attributes: [] }
}

/** A form that holds a group as it is. */
export function formOfGroup(group: DescribeThingGroupResponse): GroupForm {
  const properties = group.thingGroupProperties
  const attributes = Object.entries(properties?.attributePayload?.attributes ?? {})
  return {
    groupName: group.thingGroupName ?? '',
    description: properties?.thingGroupDescription ?? '',
    parentGroupName: group.thingGroupMetadata?.parentGroupName ?? '',
    queryString: group.queryString ?? '',
    attributes: attributes.map(([name, value]) => ({ name, value })),
  }
}

/** What is wrong with the form. */
export interface GroupProblems {
  readonly groupName?: string
  readonly queryString?: string
  /** By place. */
  readonly attributes: Readonly<Record<number, string>>
}

/** Everything that keeps the form from being sent (gateway G75, G78). */
export function problemsInGroup(form: GroupForm, isDynamic: boolean): GroupProblems {
  return {
    ...(/^[a-zA-Z0-9:_-]{1,128}$/.test(form.groupName)
      ? {}
      : { groupName: 'Enter 1 to 128 letters, digits, colons, hyphens or underscores.' }),
    ...(isDynamic && form.queryString.trim() === ''
      ? { queryString: 'Enter a query: it decides what the group holds.' }
      : {}),
    attributes: attributeProblems(form.attributes),
  }
}

/** Whether anything is wrong. */
export function hasGroupProblems(problems: GroupProblems): boolean {
  const { groupName, queryString, attributes } = problems
  return groupName !== undefined || queryString !== undefined || Object.keys(attributes).length > 0
}

/** The names in a text, separated by spaces, commas or lines, each once. */
export function namesIn(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))]
}
