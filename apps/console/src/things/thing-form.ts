/** What the form of a thing holds, and what is wrong with it; pure. */
import type { DescribeThingResponse } from '@aws-sdk/client-iot'

/** One attribute as typed. */
export interface AttributeTyped {
  readonly name: string
  readonly value: string
}

/** The form's values, as typed. */
export interface ThingForm {
  readonly thingName: string
  /** Empty for none. */
  readonly thingTypeName: string
  readonly attributes: readonly AttributeTyped[]
  /** Static groups. */
  readonly groupNames: readonly string[]
}

/** A form for a new thing. */
export const emptyThingForm: ThingForm = {
  thingName: '',
  thingTypeName: '',
  attributes: [],
  groupNames: [],
}

/** A form that holds a thing as it is. */
export function formOfThing(
  thing: DescribeThingResponse,
  groupNames: readonly string[],
): ThingForm {
  return {
    thingName: thing.thingName ?? '',
    thingTypeName: thing.thingTypeName ?? '',
    attributes: Object.entries(thing.attributes ?? {}).map(([name, value]) => ({ name, value })),
    groupNames,
  }
}

/** What is wrong with the form. */
export interface ThingProblems {
  readonly thingName?: string
  /** By place. */
  readonly attributes: Readonly<Record<number, string>>
}

const namePattern = /^[a-zA-Z0-9:_-]{1,128}$/
const attributeNamePattern = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/
const attributeValuePattern = /^[a-zA-Z0-9_.,@/:#=[\]-]{0,800}$/

/** Everything that keeps the form from being sent (gateway G67). */
export function problemsInThing(form: ThingForm): ThingProblems {
  return {
    ...(namePattern.test(form.thingName)
      ? {}
      : { thingName: 'Enter 1 to 128 letters, digits, colons, hyphens or underscores.' }),
    attributes: attributeProblems(form.attributes),
  }
}

/** What is wrong with attributes, by place. */
export function attributeProblems(
  attributes: readonly AttributeTyped[],
): Readonly<Record<number, string>> {
  return Object.fromEntries(
    attributes.flatMap(({ name, value }, index) => {
      const problem = attributeProblem(name, value, attributes, index)
      return problem === undefined ? [] : [[index, problem]]
    }),
  )
}

function attributeProblem(
  name: string,
  value: string,
  attributes: readonly AttributeTyped[],
  index: number,
): string | undefined {
  if (!attributeNamePattern.test(name)) {
    return 'Enter a name of letters, digits and _ . , @ / : # -'
  }
  if (!attributeValuePattern.test(value)) {
    return 'Values have letters, digits and _ . , @ / : # = [ ] -'
  }
  const isTwice = attributes.findIndex((other) => other.name === name) < index
  return isTwice ? 'This name is there already.' : undefined
}

/** Whether anything is wrong. */
export function hasProblems({ thingName, attributes }: ThingProblems): boolean {
  return thingName !== undefined || Object.keys(attributes).length > 0
}

/** Attributes as AWS takes them. */
export function attributeMap(attributes: readonly AttributeTyped[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]))
}

/** What was added and removed between two lists of names. */
export function difference(
  before: readonly string[],
  after: readonly string[],
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  return {
    added: after.filter((name) => !before.includes(name)),
    removed: before.filter((name) => !after.includes(name)),
  }
}
