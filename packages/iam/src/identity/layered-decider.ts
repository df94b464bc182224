/**
 * One evaluation for every principal (identities I24 to I27): identity documents, boundary and
 * session documents must all allow, and a Deny in any of them refuses.
 */
import type { Account } from '@muster/model'
import {
  bindEvaluator,
  intersection,
  type Decider,
  type Decision,
  type Evaluator,
  type Explanation,
  type PolicyContext,
  type TopicAction,
} from '@muster/policy'
import type { Layers } from './identity.ts'

/** The layer that a refusal names. */
export type LayerName = 'identity' | 'boundary' | 'session'

/** Why a principal may not, or that it may. */
export interface LayerVerdict {
  readonly decision: Decision
  /** The one layer that is named; undefined when allowed. */
  readonly layer: LayerName | undefined
}

/** Decides, and tells which layer refused. */
export interface LayeredDecider extends Decider {
  verdict(action: string, resource: string): LayerVerdict
  /** Of the layer that refused, or of the identity documents when allowed. */
  explain(action: string, resource: string): Explanation
}

/** How AWS's sentence ends (identities I27). */
const implicitEndings: Readonly<Record<LayerName, string>> = {
  identity: 'no identity-based policy allows',
  boundary: 'no permissions boundary allows',
  session: 'no session policy allows',
}
const explicitEndings: Readonly<Record<LayerName, string>> = {
  identity: 'an identity-based policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
}

/** `because no identity-based policy allows the iot:CreateThing action`, and its sisters. */
export function refusalEnding(
  { decision, layer = 'identity' }: LayerVerdict,
  action: string,
): string {
  return decision === 'explicitDeny'
    ? `with an explicit deny in ${explicitEndings[layer]}`
    : `because ${implicitEndings[layer]} the ${action} action`
}

/** Binds a principal's layers to a connection or a request. */
export function layeredDecider(
  layers: Layers,
  context: PolicyContext,
  account: Account,
): LayeredDecider {
  if (layers.everything) return allowsEverything(context, account)
  const present: [LayerName, Evaluator][] = [
    ['identity', bindEvaluator(layers.identity, context, account)],
  ]
  if (layers.boundary !== undefined) {
    present.push(['boundary', bindEvaluator(layers.boundary, context, account)])
  }
  if (layers.session !== undefined) {
    present.push(['session', bindEvaluator(layers.session, context, account)])
  }
  return new Layered(present)
}

const layerNames = { boundary: 'permissions boundary', session: 'session policy' } as const

class Layered implements LayeredDecider {
  readonly #layers: readonly (readonly [LayerName, Evaluator])[]

  constructor(layers: readonly (readonly [LayerName, Evaluator])[]) {
    this.#layers = layers
  }

  decide(action: string, resource: string): Decision {
    let decision: Decision = 'allow'
    for (const [, layer] of this.#layers) {
      decision = intersection(decision, layer.decide(action, resource))
    }
    return decision
  }

  decideTopic(action: TopicAction, topic: string | Uint8Array): Decision {
    let decision: Decision = 'allow'
    for (const [, layer] of this.#layers) {
      decision = intersection(decision, layer.decideTopic(action, topic))
    }
    return decision
  }

  verdict(action: string, resource: string): LayerVerdict {
    return this.#refusing(action, resource)?.verdict ?? { decision: 'allow', layer: undefined }
  }

  explain(action: string, resource: string): Explanation {
    const refusing = this.#refusing(action, resource)
    const evaluator = refusing?.evaluator ?? this.#layers[0]?.[1]
    if (evaluator === undefined) throw new Error('a principal has at least one layer')
    const explanation = evaluator.explain(action, resource)
    const layer = refusing?.verdict.layer
    if (layer === undefined || layer === 'identity') return explanation
    // identities I28: who reads it must know where to look.
    return {
      ...explanation,
      summary: `${explanation.summary}; the ${layerNames[layer]} refuses it`,
    }
  }

  /** Explicit before implicit, then in the order of the layers. */
  #refusing(
    action: string,
    resource: string,
  ): { readonly verdict: LayerVerdict; readonly evaluator: Evaluator } | undefined {
    const decided = this.#layers.map(([layer, evaluator]) => ({
      evaluator,
      verdict: { layer, decision: evaluator.decide(action, resource) },
    }))
    return (
      decided.find(({ verdict }) => verdict.decision === 'explicitDeny') ??
      decided.find(({ verdict }) => verdict.decision === 'implicitDeny')
    )
  }
}

function allowsEverything(context: PolicyContext, account: Account): LayeredDecider {
  const none = bindEvaluator([], context, account)
  return {
    decide: () => 'allow',
    decideTopic: () => 'allow',
    verdict: () => ({ decision: 'allow', layer: undefined }),
    explain: (action, resource) => ({
      ...none.explain(action, resource),
      decision: 'allow',
      summary: `${action} on ${resource} is allowed: the account's root user may do everything`,
      hints: [],
    }),
  }
}
