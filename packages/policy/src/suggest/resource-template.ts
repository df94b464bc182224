/**
 * One device's resources with its own names taken out: what is left is the same for every device
 * that does the same.
 */
import type { ObservedDevice } from './recording.ts'

/** A level of a resource: text, a variable's name, or anything. */
export type Level =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'variable'; readonly text: string }
  | { readonly type: 'any' }

/** Levels between slashes; the first is the type: `topic`. */
export type Template = readonly Level[]

const thingName = '${iot:Connection.Thing.ThingName}'
const commonName = '${iot:Certificate.Subject.CommonName}'

/** A device's resource as a template. */
export function templateOf(device: ObservedDevice, resource: string): Template {
  const names = ownNames(device)
  const levels = resource.split('/').map((text, index): Level => {
    if (index === 0) return { type: 'text', text }
    return levelOf(text, names)
  })
  return jobsGeneralised(levels)
}

interface OwnName {
  readonly value: string
  readonly variable: string
}

/** Names of a device that a policy can say; the longest first, for one may contain another. */
function ownNames({
  protocol,
  thing,
  clientId,
  thingNames,
  commonName: named,
}: ObservedDevice): readonly OwnName[] {
  const names: OwnName[] = []
  if (protocol === 'mqtt') {
    if (thing !== undefined) names.push({ value: thing.thingName, variable: thingName })
    if (clientId !== undefined && clientId !== thing?.thingName && clientId !== '') {
      names.push({ value: clientId, variable: '${iot:ClientId}' })
    }
  } else if (named !== undefined && thingNames.includes(named)) {
    names.push({ value: named, variable: commonName })
  }
  return names.toSorted((left, right) => right.value.length - left.value.length)
}

function levelOf(text: string, names: readonly OwnName[]): Level {
  for (const { value, variable } of names) {
    if (text === value) return { type: 'variable', text: variable }
    const at = text.indexOf(value)
    const before = text.charAt(at - 1)
    const behind = text.charAt(at + value.length)
    if (at < 0 || /[a-zA-Z0-9]/.test(before) || /[a-zA-Z0-9]/.test(behind)) continue
    const [start, end] = [text.slice(0, at), text.slice(at + value.length)]
    return { type: 'variable', text: `${escaped(start)}${variable}${escaped(end)}` }
  }
  return { type: 'text', text }
}

/** A job's ID is another one next time: it stands for any. */
function jobsGeneralised(levels: Template): Template {
  const [, aws, things, , jobs, id, ...rest] = levels
  const isJob =
    isText(aws, '$aws') &&
    isText(things, 'things') &&
    isText(jobs, 'jobs') &&
    (isText(rest[0], 'get') || isText(rest[0], 'update'))
  if (!isJob || id?.type !== 'text' || id.text.startsWith('$') || /[+#]/.test(id.text))
    return levels
  return levels.map((level, index) => (index === 5 ? { type: 'any' } : level))
}

function isText(level: Level | undefined, text: string): boolean {
  return level?.type === 'text' && level.text === text
}

/** Literal text in a policy: wildcards and starts of variables escaped (authz E13). */
export function escaped(text: string): string {
  return text.replaceAll(/[*?]|\$(?=\{)/g, (character) => `\${${character}}`)
}

/** A template as a policy writes it. */
export function written(template: Template): string {
  return template
    .map((level) =>
      level.type === 'any' ? '*' : level.type === 'text' ? escaped(level.text) : level.text,
    )
    .join('/')
}
