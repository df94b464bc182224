/**
 * The reserved shadow `$package` (neighbours N73): what a thing has installed, by package. Devices,
 * operators and jobs write it as any other; it takes nothing else.
 */
import type { Refused } from '@muster/model'
import type { WantedState } from './document.ts'
import { isObject, NULL, stringOf, type JsonNode } from './json-node.ts'
import { invalidNode } from './refusals.ts'

/** Its name. */
export const PACKAGE = '$package'

/**
 * Refuses what is no package: under `reported` each member is an object of a `version` and
 * `attributes`, which are texts, or null to forget it. `desired` is nobody's concern.
 */
export function packageFault(wanted: WantedState): Refused | undefined {
  const reported = isObject(wanted) ? wanted.get('reported') : undefined
  if (!isObject(reported)) return undefined
  for (const [packageName, installed] of reported) {
    const fault = installed === NULL ? undefined : installedFault(packageName, installed)
    if (fault !== undefined) return invalidNode(fault)
  }
  return undefined
}

/** The name of the member that does not belong. */
function installedFault(packageName: string, installed: JsonNode): string | undefined {
  if (!isObject(installed)) return packageName
  for (const [name, member] of installed) {
    const isFit =
      member === NULL ||
      (name === 'version' && isText(member)) ||
      (name === 'attributes' && isObject(member) && [...member.values()].every(isTextOrNull))
    if (!isFit || (name !== 'version' && name !== 'attributes')) return name
  }
  return undefined
}

function isText(node: JsonNode): boolean {
  return stringOf(node) !== undefined
}

function isTextOrNull(node: JsonNode): boolean {
  return node === NULL || isText(node)
}
