/**
 * A counterexample as a decision vector. It is asked of the evaluator before anybody sees it.
 */
import { decideVectors, type Vector, type VectorRequest } from '../vectors/decide-vectors.ts'
import type { VectorContext } from '../vectors/vector-context.ts'
import { arnIn } from './policy-pattern.ts'
import type { PartQuestion, ProvenPolicy } from './prove-property.ts'

/** A vector whose requests all say what they decide. */
export interface ProvenVector extends Vector {
  readonly requests: readonly Required<VectorRequest>[]
}

/** What a vector is made of. */
export interface VectorParts {
  readonly question: PartQuestion
  readonly policies: readonly ProvenPolicy[]
  readonly context: VectorContext
  readonly resource: string
  /** Whether the device has to connect first. */
  readonly connected: boolean
}

/** The vector, when the evaluator decides it as the search did; undefined otherwise. */
export function verifiedVector(parts: VectorParts): ProvenVector | undefined {
  const { question, policies, context, resource, connected } = parts
  const { property, account, action, wanted } = question
  const connect =
    connected && action !== 'iot:Connect'
      ? [{ action: 'iot:Connect', resource: arnIn(account, `client/${context.clientId ?? ''}`) }]
      : []
  const asked = [...connect, { action, resource: arnIn(account, resource) }]
  const vector = {
    id: property.name,
    policies: policies.map(({ document }) => document),
    context,
    requests: asked,
    ...accountOf(account),
  }
  const decisions = [...decideVectors([vector])].map(({ decision }) => decision)
  const last = decisions.at(-1)
  if (decisions.slice(0, -1).some((decision) => decision !== 'allow')) return undefined
  if ((last === 'allow') !== (wanted === 'allowed')) return undefined
  if (question.against !== undefined) {
    const others = question.against.map(({ document }) => document)
    const refused = [...decideVectors([{ ...vector, policies: others }])].at(-1)?.decision
    if (refused === 'allow') return undefined
  }
  return {
    ...vector,
    requests: asked.map((request, index) => ({
      ...request,
      expect: decisions[index] ?? 'implicitDeny',
    })),
  }
}

/** Said only where it is not the account that vectors are in anyhow. */
function accountOf({ region, accountId }: PartQuestion['account']): Pick<Vector, 'account'> {
  return region === 'us-east-1' && accountId === '123456789012'
    ? {}
    : { account: { region, accountId } }
}
