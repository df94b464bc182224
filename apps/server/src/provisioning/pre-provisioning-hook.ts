/**
 * The pre-provisioning hook: a function on AWS, an HTTP callback here (gateway G107).
 */
import { accept, refuse } from '@muster/model'
import type { ProvisioningOutcome } from '@muster/registry'
import { textMembersOf } from '../payload-format.ts'

/** What a hook is asked; AWS's member names. */
export interface HookRequest {
  readonly claimCertificateId: string
  readonly certificateId: string
  readonly certificatePem: string
  readonly templateArn: string
  readonly clientId: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Calls a hook; resolves with its parameter overrides, or refusal `AccessDenied`. */
export type PreProvisioningHook = (
  targetArn: string,
  request: HookRequest,
) => Promise<ProvisioningOutcome<ReadonlyMap<string, string>>>

const hookSecondsMax = 5
const answerCharactersMax = 65_536
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Hooks by HTTP POST: the request as JSON, the answer `{"allowProvisioning":true,
 * "parameterOverrides":{…}}`. An error, five seconds without an answer, or anything but true denies.
 *
 * @param urls - callback address by `targetArn`; a `targetArn` that is itself an address on
 *   loopback is called as it stands
 * @param secondsMax - wall seconds that a hook may take
 */
export function httpHook(
  urls: ReadonlyMap<string, string>,
  secondsMax: number = hookSecondsMax,
): PreProvisioningHook {
  return async (targetArn, request) => {
    const url = urls.get(targetArn) ?? loopbackUrl(targetArn)
    if (url === undefined) {
      return denied(`no callback is set for hook ${targetArn}: start the server with --hook`)
    }
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        redirect: 'error',
        signal: AbortSignal.timeout(secondsMax * 1000),
      })
      if (!answer.ok) return denied(`hook ${url} answered ${answer.status}`)
      return judge(url, await boundedText(answer))
    } catch (cause) {
      return denied(`hook ${url} did not answer: ${String(cause)}`)
    }
  }
}

function judge(url: string, text: string): ProvisioningOutcome<ReadonlyMap<string, string>> {
  const answer: unknown = JSON.parse(text)
  if (typeof answer !== 'object' || answer === null) return denied(`hook ${url} sent no object`)
  if (!('allowProvisioning' in answer) || answer.allowProvisioning !== true) {
    return denied(`hook ${url} does not allow it`)
  }
  const overrides = 'parameterOverrides' in answer ? answer.parameterOverrides : undefined
  const parameters = textMembersOf(overrides ?? {})
  return parameters === undefined
    ? denied(`parameterOverrides of hook ${url} must be an object of strings`)
    : accept(parameters)
}

async function boundedText(answer: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > answerCharactersMax) throw new Error('the answer is too long')
  }
  return text + decoder.decode()
}

function loopbackUrl(targetArn: string): string | undefined {
  if (!/^https?:/.test(targetArn) || !URL.canParse(targetArn)) return undefined
  return loopback.test(new URL(targetArn).hostname) ? targetArn : undefined
}

/** The device learns that it was denied, the log why (gateway G103, G107). */
function denied(why: string): ProvisioningOutcome<never> {
  return refuse('AccessDenied', why)
}
