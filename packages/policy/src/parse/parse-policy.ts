/**
 * Text → {@link PolicyDocument}, or `MalformedPolicyException` that says where and why (authz
 * section 2).
 */
import { accept, refuse, type Outcome, type Refused } from '@muster/model'

import { parseConditionOperator } from './condition-operator.ts'
import { positionOf, readJson, type JsonMember, type JsonNode } from './json-source.ts'
import type {
  Condition,
  EntryList,
  PolicyDocument,
  PolicyKind,
  PolicyVersion,
  Statement,
} from './policy-document.ts'

/** Characters of an IoT policy that count, whitespace left out (authz B5). */
export const policySizeMax = 2048

/**
 * Parses and validates a policy document.
 *
 * Unknown actions pass and never match (authz X5); a missing `Version` means 2008-10-17 (X25).
 *
 * @param kind - `iot` documents have a size limit (authz B5); the grammar is the same
 * @returns `MalformedPolicyException` for anything else that section 2 of the specification or
 *   IAM's grammar does not allow: text that is not JSON, unknown or doubled members, a missing
 *   `Effect`, `Principal` (X7), entries that are no action or no ARN, an oversize document (X6)
 */
export function parsePolicy(text: string, kind: PolicyKind): Outcome<PolicyDocument> {
  if (kind === 'iot') {
    const size = text.replaceAll(/\s+/g, '').length
    if (size > policySizeMax) {
      return malformed(
        `the document has ${size} characters, not counting whitespace; at most ${policySizeMax} are allowed`,
      )
    }
  }
  const json = readJson(text)
  if ('fault' in json) {
    return malformed(`Invalid policy syntax. ${where(text, json.fault.at)}: ${json.fault.message}`)
  }
  try {
    return accept(new DocumentReader(text, kind).document(json.root))
  } catch (cause) {
    if (cause instanceof Malformed) return malformed(cause.message)
    throw cause
  }
}

function malformed(reason: string): Refused {
  return refuse('MalformedPolicyException', `Policy document is Malformed: ${reason}`)
}

function where(text: string, at: number): string {
  const { line, column } = positionOf(text, at)
  return `line ${line} column ${column} (position ${at})`
}

/** Offending text, as much of it as a message can bear. */
function excerpt(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`
}

/** Never leaves this file. */
class Malformed extends Error {}

type Member = JsonMember | undefined

class DocumentReader {
  readonly #text: string
  readonly #kind: PolicyKind

  constructor(text: string, kind: PolicyKind) {
    this.#text = text
    this.#kind = kind
  }

  document(root: JsonNode): PolicyDocument {
    const members = this.#members(root, 'the document', ['Version', 'Id', 'Statement'])
    const version = this.#version(members.get('Version'))
    const id = members.get('Id')
    if (id !== undefined) this.#string(id.value, '`Id`')
    const statement = members.get('Statement')
    if (statement === undefined) throw this.#fault(root.at, 'the document has no `Statement`')
    const nodes = statement.value.type === 'array' ? statement.value.items : [statement.value]
    if (nodes.length === 0) throw this.#fault(statement.value.at, '`Statement` is empty')
    const statements = nodes.map((node, index) => this.#statement(node, `Statement[${index}]`))
    this.#distinctSids(statements)
    return {
      kind: this.#kind,
      version: version ?? '2008-10-17',
      versionGiven: version !== undefined,
      statements,
    }
  }

  #version(member: Member): PolicyVersion | undefined {
    if (member === undefined) return undefined
    const version = this.#string(member.value, '`Version`')
    if (version !== '2012-10-17' && version !== '2008-10-17') {
      throw this.#fault(
        member.value.at,
        `\`Version\` must be "2012-10-17", found "${excerpt(version)}"`,
      )
    }
    return version
  }

  #statement(node: JsonNode, path: string): Statement {
    const members = this.#members(node, path, [
      'Sid',
      'Effect',
      'Action',
      'NotAction',
      'Resource',
      'NotResource',
      'Condition',
    ])
    const sid = members.get('Sid')
    const effect = members.get('Effect')
    if (effect === undefined) throw this.#fault(node.at, `${path} has no \`Effect\``)
    const effectText = this.#string(effect.value, `${path}.Effect`)
    if (effectText !== 'Allow' && effectText !== 'Deny') {
      throw this.#fault(
        effect.value.at,
        `${path}.Effect must be "Allow" or "Deny", found "${excerpt(effectText)}"`,
      )
    }
    return {
      sid: sid === undefined ? undefined : this.#string(sid.value, `${path}.Sid`),
      effect: effectText,
      action: this.#entries(node, path, members.get('Action'), members.get('NotAction'), 'Action'),
      resource: this.#entries(
        node,
        path,
        members.get('Resource'),
        members.get('NotResource'),
        'Resource',
      ),
      conditions: this.#conditions(members.get('Condition'), `${path}.Condition`),
      position: positionOf(this.#text, node.at),
    }
  }

  #entries(
    statement: JsonNode,
    path: string,
    plain: Member,
    negated: Member,
    element: 'Action' | 'Resource',
  ): EntryList {
    if (plain !== undefined && negated !== undefined) {
      throw this.#fault(negated.at, `${path} has both \`${element}\` and \`Not${element}\``)
    }
    const member = plain ?? negated
    if (member === undefined) {
      throw this.#fault(statement.at, `${path} has neither \`${element}\` nor \`Not${element}\``)
    }
    const name = `${path}.${member.name}`
    const items = member.value.type === 'array' ? member.value.items : [member.value]
    if (items.length === 0) throw this.#fault(member.value.at, `${name} is empty`)
    const entries = items.map((item) => {
      const entry = this.#string(item, name)
      if (element === 'Action') this.#checkAction(item.at, name, entry)
      else this.#checkResource(item.at, name, entry)
      return entry
    })
    return { not: negated !== undefined, entries, position: positionOf(this.#text, member.at) }
  }

  /** `*` or a vendor, a colon and a name (authz B7). */
  #checkAction(at: number, name: string, action: string): void {
    if (!/^(?:\*+|[\w*?-]+:[\w*?.-]+)$/.test(action)) {
      throw this.#fault(
        at,
        `${name} must be "*" or an action with its service prefix such as "iot:Publish", found "${excerpt(action)}"`,
      )
    }
  }

  /** `*` or text that can be an ARN (authz B4, X9). */
  #checkResource(at: number, name: string, resource: string): void {
    if (/^(?:\*+|arn:.*)$/s.test(resource)) return
    throw this.#fault(
      at,
      `The following resources are invalid : ${excerpt(resource)} (${name} must be "*" or an ARN)`,
    )
  }

  #conditions(member: Member, path: string): Condition[] {
    if (member === undefined) return []
    const conditions: Condition[] = []
    for (const operatorMember of this.#object(member.value, path)) {
      const operator = parseConditionOperator(operatorMember.name)
      if (operator === undefined) {
        throw this.#fault(
          operatorMember.at,
          `${path} has no condition operator \`${excerpt(operatorMember.name)}\``,
        )
      }
      const operatorPath = `${path}.${operatorMember.name}`
      for (const keyMember of this.#object(operatorMember.value, operatorPath)) {
        if (keyMember.name === '')
          throw this.#fault(keyMember.at, `${operatorPath} has an empty key`)
        const value = keyMember.value
        const items = value.type === 'array' ? value.items : [value]
        conditions.push({
          operator,
          key: keyMember.name,
          values: items.map((item) => this.#scalar(item, `${operatorPath}.${keyMember.name}`)),
          position: positionOf(this.#text, keyMember.at),
        })
      }
    }
    return conditions
  }

  #scalar(node: JsonNode, path: string): string {
    if (node.type === 'string') return node.value
    if (node.type === 'boolean') return String(node.value)
    if (node.type === 'number') return node.text
    throw this.#fault(node.at, `${path} must be a string or a list of strings, found ${node.type}`)
  }

  #string(node: JsonNode, path: string): string {
    if (node.type === 'string') return node.value
    throw this.#fault(node.at, `${path} must be a string, found ${node.type}`)
  }

  #object(node: JsonNode, path: string): readonly JsonMember[] {
    if (node.type === 'object') return node.members
    throw this.#fault(node.at, `${path} must be an object, found ${node.type}`)
  }

  #members(node: JsonNode, path: string, allowed: readonly string[]): Map<string, JsonMember> {
    const members = new Map<string, JsonMember>()
    for (const member of this.#object(node, path)) {
      if (!allowed.includes(member.name)) {
        const why =
          member.name === 'Principal' || member.name === 'NotPrincipal'
            ? `\`${member.name}\` never stands in a policy that is attached to its principal`
            : `unknown member \`${excerpt(member.name)}\``
        throw this.#fault(member.at, `${path}: ${why}`)
      }
      members.set(member.name, member)
    }
    return members
  }

  #distinctSids(statements: readonly Statement[]): void {
    const sids = new Set<string>()
    for (const [index, { sid }] of statements.entries()) {
      if (sid === undefined || sid === '') continue
      if (sids.has(sid))
        throw new Malformed(`Statement[${index}] repeats the Sid "${excerpt(sid)}"`)
      sids.add(sid)
    }
  }

  #fault(at: number, message: string): Malformed {
    return new Malformed(`${message} at ${where(this.#text, at)}`)
  }
}

/**
 * What is wrong with an IoT Core policy document, as {@link parsePolicy} says it.
 *
 * @returns undefined when nothing is
 */
export function policyFault(text: string): string | undefined {
  const parsed = parsePolicy(text, 'iot')
  return parsed.ok ? undefined : parsed.error.message
}
