/**
 * Whether a request that somebody typed can be asked at all: a misspelt action or resource would be
 * denied by every policy, and the explanation would blame the policy.
 */
import { dataPlaneActions, likelyAction } from '../audit/known-names.ts'
import type { PolicyKind } from '../parse/policy-document.ts'

/** A request as somebody typed it. */
export interface TypedRequest {
  readonly kind: PolicyKind
  readonly action: string
  /** An ARN, or `*`. */
  readonly resource: string
}

/**
 * What is wrong with a request, and what was probably meant; undefined when it can be decided.
 *
 * IoT Core policies know the actions of the data planes; of IAM's only near misses of those are told.
 */
export function requestFault({ kind, action, resource }: TypedRequest): string | undefined {
  return actionFault(kind, action) ?? resourceFault(action, resource)
}

const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/i

function actionFault(kind: PolicyKind, action: string): string | undefined {
  const known = Object.keys(dataPlaneActions)
  if (known.includes(action)) return undefined
  const meant =
    known.find((name) => name.split(':')[1]?.toLowerCase() === action.toLowerCase()) ??
    likelyAction(action)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  if (!ACTION.test(action)) {
    return `\`${action}\` is no action of a request: expected one like iot:Publish${hint}`
  }
  if (kind === 'iam') return meant === undefined ? undefined : `\`${action}\` is no action${hint}`
  return `\`${action}\` is no action that IoT Core policies are asked for${hint}`
}

function resourceFault(action: string, resource: string): string | undefined {
  const wanted = dataPlaneActions[action]
  // Actions of other planes have resources of many shapes, and `*` for those without one.
  if (wanted === undefined) return resource === '*' ? undefined : arnFault(resource)
  if (wanted === '') {
    return resource === '*' ? undefined : `${action} has no resource: expected \`*\``
  }
  const form = `arn:aws:iot:REGION:ACCOUNT:${wanted}…`
  if (resource === '*') return `a request names one resource: expected ${form}`
  const malformed = arnFault(resource)
  if (malformed !== undefined) return malformed
  const name = resource.split(':').slice(5).join(':')
  if (name.startsWith(wanted) && name.length > wanted.length) return undefined
  const [, type = name, rest = ''] = /^([^/]*)\/(.*)$/s.exec(name) ?? []
  const fault = resourceTypes.has(`${type}/`) ? '' : `\`${type}/\` is no type of resource: `
  const meant = rest === '' ? form : `${wanted}${rest}`
  return `${fault}${action} is checked against ${wanted} ARNs; did you mean ${meant}?`
}

const resourceTypes = new Set(Object.values(dataPlaneActions))

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:.+$/

function arnFault(resource: string): string | undefined {
  if (ARN.test(resource)) return undefined
  return `\`${resource}\` is no ARN: expected arn:aws:iot:REGION:ACCOUNT:TYPE/NAME, or TYPE/NAME`
}
