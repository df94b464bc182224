/**
 * Proves properties wherever policies speak: in every account that stands in them.
 */
import { accountsIn } from './proven-accounts.ts'
import type { ProvenAccount } from './policy-pattern.ts'
import { proveProperty, type Proof, type ProofQuestion } from './prove-property.ts'

/** A question that may leave the account to the policies. */
export type PoliciesQuestion = Omit<ProofQuestion, 'account'> & {
  readonly account?: ProvenAccount | undefined
}

/** Accounts that are looked at; a policy of 2,048 characters names no more. */
const accountsMax = 8

/**
 * Decides a property. What must never be is looked for in every account that the policies name; what
 * must always be is asked in the one that they name most.
 */
export function provePolicies(question: PoliciesQuestion): Proof {
  const named = accountsIn(question.policies.map(({ compiled }) => compiled))
  const [most] = named
  const { property } = question
  const accounts = question.account === undefined ? named.slice(0, accountsMax) : [question.account]
  const because = new Set<string>()
  if (question.account === undefined && named.length > accountsMax) {
    because.add(`the policies name ${named.length} accounts and regions`)
  }
  for (const account of accounts) {
    const always = account === accounts[0] || account === most ? property.always : undefined
    const asked = { ...property, always }
    const proof = proveProperty({ ...question, account, property: asked })
    if (proof.answer === 'counterexample') return proof
    if (proof.answer === 'undecided') for (const reason of proof.because) because.add(reason)
  }
  return because.size === 0 ? { answer: 'proved' } : { answer: 'undecided', because: [...because] }
}
