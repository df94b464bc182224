/**
 * Decides in the page what the server decides, with the same rules: for documents that nobody has
 * saved yet, and to see which statements matched.
 */
import {
  bindEvaluator,
  compilePolicy,
  connectionThing,
  contextKeys,
  parsePolicy,
  type AttachedThing,
  type Explanation,
  type NamedPolicy,
  type PolicyContext,
} from '@muster/policy'
import type { ArnAccount } from '../aws/arn.ts'

/** A policy's text under its name. */
export interface NamedDocument {
  readonly policyName: string
  readonly document: string
}

/** What is known of who asks. */
export interface RequestFacts {
  readonly protocol: 'mqtt' | 'https'
  readonly clientId?: string | undefined
  /** Things that the certificate is attached to. */
  readonly attached: readonly AttachedThing[]
  readonly certificateId?: string | undefined
  readonly sourceIp?: string | undefined
  /** Further context keys with their values: `iot:Certificate.Subject.CommonName`. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>>
}

/** A request to be decided. */
export interface AskedRequest {
  readonly account: ArnAccount
  /** `iot:Publish`. */
  readonly action: string
  /** ARN. */
  readonly resource: string
}

/**
 * Explains what the documents decide together.
 *
 * @returns the message of the first document that is malformed, as a text
 */
export function explainHere(
  documents: readonly NamedDocument[],
  facts: RequestFacts,
  { account, action, resource }: AskedRequest,
): Explanation | string {
  const policies: NamedPolicy[] = []
  for (const { policyName, document } of documents) {
    const parsed = parsePolicy(document, 'iot')
    if (!parsed.ok) return `Policy ${policyName}: ${parsed.error.message}`
    policies.push({ policyName, compiled: compilePolicy(parsed.value) })
  }
  return bindEvaluator(policies, contextOf(facts), account).explain(action, resource)
}

function contextOf(facts: RequestFacts): PolicyContext {
  const { protocol, clientId, attached, certificateId, sourceIp, keys = {} } = facts
  const value = (name: string): string | undefined => {
    const found = Object.entries(keys).find(([key]) => key.toLowerCase() === name)?.[1]
    return typeof found === 'string' ? found : found?.[0]
  }
  return {
    protocol,
    clientId,
    thing: connectionThing(attached, clientId),
    attachedThingNames: attached.map(({ thingName }) => thingName),
    certificate: certificateId === undefined ? undefined : { certificateId },
    sourceIp,
    domainName: value('iot:domainname'),
    keys: contextKeys(keys),
  }
}
