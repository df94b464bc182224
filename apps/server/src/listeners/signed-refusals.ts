/** What STS and Cognito refused, and to whom, for the decision log. */
import { cognitoOperations, stsOperations, type Answer } from '@muster/aws-protocol'
import type { Outcome } from '@muster/model'
import type { SignedCaller } from '../authentication/signed-caller.ts'
import { signedPrincipal } from '../decisions/decided-principal.ts'
import type { Refusals } from '../decisions/refusals.ts'
import type { RefusedRequest } from '../decisions/request-refusals.ts'
import type { ReceivedRequest } from '../mount.ts'
import type { Caller } from '../operations/call.ts'

/** Who signed a request, where its service asked. */
export class Signer {
  readonly #authenticate: () => Promise<Outcome<SignedCaller>>
  #outcome: Outcome<SignedCaller> | undefined

  constructor(authenticate: () => Promise<Outcome<SignedCaller>>) {
    this.#authenticate = authenticate
  }

  readonly authenticate = async (): Promise<Outcome<SignedCaller>> =>
    (this.#outcome = await this.#authenticate())

  /** A bad signature was told by authentication already. */
  get refused(): boolean {
    return this.#outcome?.ok === false
  }

  get caller(): RefusedRequest['caller'] {
    return this.#outcome?.ok === true ? callerOf(this.#outcome.value) : undefined
  }
}

/** What STS or Cognito answered to whom. */
export interface Answered {
  readonly service: 'sts' | 'cognito-identity'
  /** As the request names it: any text. */
  readonly operation: string | undefined
  readonly signer: Signer
  readonly answer: Answer
}

/**
 * Tells what STS or Cognito refused, which answer in shapes of their own: signatures were told by
 * authentication already, and permissions of Cognito by their policies.
 */
export function told(
  refusals: Pick<Refusals, 'request'>,
  { method, path, sourceIp }: ReceivedRequest,
  { service, operation, signer, answer }: Answered,
): Answer {
  const { status, headers, body } = answer
  if (signer.refused || status < 400 || (status >= 500 && status !== 501)) return answer
  const text = Buffer.from(body).toString()
  const given = headers['x-amzn-errortype'] ?? /<Code>([^<]*)/.exec(text)?.[1] ?? `HTTP ${status}`
  const code = given.replace(/:$/, '')
  const { caller } = signer
  if (code === 'AccessDeniedException' && caller !== undefined) return answer
  const message = /(?:<Message>|"[Mm]essage":")([^<"]*)/.exec(text)?.[1] ?? ''
  const isKnown = operation !== undefined && operationsOf[service]().has(operation)
  const what = isKnown
    ? { operation }
    : { request: [method, path, operation].filter((word) => word !== undefined).join(' ') }
  refusals.request({ service, caller, sourceIp, ...what }, { code, message })
  return answer
}

/** Refusals are counted by operation: a name that is none is told, but never counted by. */
const operationsOf = { sts: stsOperations, 'cognito-identity': cognitoOperations } as const

/** The caller as operations and refusals know it. */
export function callerOf({ key, identity }: SignedCaller): Extract<Caller, { kind: 'operator' }> {
  return { kind: 'operator', who: signedPrincipal(identity), accessKeyId: key.accessKeyId }
}
