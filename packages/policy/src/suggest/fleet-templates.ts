/**
 * The templates of a fleet: attributes become variables where they explain how devices differ, and
 * what differs for no reason that can be seen becomes `*`.
 */
import type { ObservedDevice } from './recording.ts'
import { templateOf, written, type Level, type Template } from './resource-template.ts'

/** A right that some devices used. */
export interface UsedRight {
  readonly action: string
  readonly template: Template
  readonly devices: ReadonlySet<ObservedDevice>
  /** Resources that it was seen with. */
  readonly seen: ReadonlySet<string>
}

interface Use {
  readonly device: ObservedDevice
  readonly action: string
  readonly resource: string
  template: Template
}

/** From how many different texts at one level on they count as any text. */
const differentFrom = 3

/** Rights that devices used, in general form. */
export function fleetRights(devices: readonly ObservedDevice[]): readonly UsedRight[] {
  const uses = devices.flatMap((device) =>
    device.requests.map(({ action, resource }): Use => ({
      device,
      action,
      resource,
      template: templateOf(device, resource),
    })),
  )
  explainByAttributes(uses)
  generaliseLevels(uses)
  const rights = new Map<
    string,
    { right: UsedRight; devices: Set<ObservedDevice>; seen: Set<string> }
  >()
  for (const { device, action, resource, template } of uses) {
    const name = `${action} ${written(template)}`
    let known = rights.get(name)
    if (known === undefined) {
      const found = { devices: new Set<ObservedDevice>(), seen: new Set<string>() }
      known = { ...found, right: { action, template, ...found } }
      rights.set(name, known)
    }
    known.devices.add(device)
    known.seen.add(resource)
  }
  return [...rights.values()].map(({ right }) => right)
}

/** Replaces a level by an attribute that it equals on every device that differs there. */
function explainByAttributes(uses: readonly Use[]): void {
  const explained = new Map<
    string,
    { readonly values: Set<string>; readonly uses: [Use, number, string][] }
  >()
  for (const use of uses) {
    if (use.device.protocol !== 'mqtt') continue
    for (const [index, level] of use.template.entries()) {
      if (index === 0 || level.type !== 'text') continue
      for (const [variable, value] of facts(use.device)) {
        if (value !== level.text) continue
        const name = `${use.action} ${written(replaced(use.template, index, { type: 'variable', text: variable }))}`
        const known = explained.get(name) ?? { values: new Set(), uses: [] }
        explained.set(name, known)
        known.values.add(value)
        known.uses.push([use, index, variable])
      }
    }
  }
  for (const { values, uses: explainedUses } of explained.values()) {
    if (values.size < 2) continue
    for (const [use, index, variable] of explainedUses) {
      if (use.template[index]?.type !== 'text') continue
      use.template = replaced(use.template, index, { type: 'variable', text: variable })
    }
  }
}

function facts({ thing }: ObservedDevice): readonly (readonly [variable: string, value: string])[] {
  const attributes = Object.entries(thing?.attributes ?? {}).map(
    ([name, value]) => [`\${iot:Connection.Thing.Attributes[${name}]}`, value] as const,
  )
  const typeName = thing?.thingTypeName
  return typeName === undefined
    ? attributes
    : [...attributes, ['${iot:Connection.Thing.ThingTypeName}', typeName]]
}

/** Levels that differ from use to use, while all others are the same, become `*`. */
function generaliseLevels(uses: readonly Use[]): void {
  const most = Math.max(0, ...uses.map(({ template }) => template.length))
  for (let index = 2; index < most; index += 1) {
    const alike = Map.groupBy(
      uses.filter(({ template }) => template[index]?.type === 'text'),
      ({ action, template }) => `${action} ${written(replaced(template, index, { type: 'any' }))}`,
    )
    for (const group of alike.values()) {
      const texts = new Set(group.map(({ template }) => textAt(template, index)))
      if (texts.size < differentFrom || [...texts].some((text) => /[+#]/.test(text))) continue
      for (const use of group) use.template = replaced(use.template, index, { type: 'any' })
    }
  }
}

function textAt(template: Template, index: number): string {
  const level = template[index]
  return level?.type === 'text' ? level.text : ''
}

function replaced(template: Template, index: number, by: Level): Template {
  return template.map((level, at) => (at === index ? by : level))
}
