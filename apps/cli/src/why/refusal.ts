/** A refusal as `/_muster/decisions` tells it, and as people read it. */
import { styleText } from 'node:util'
import { principalWords, type DecidedPrincipalKind } from '@muster/server/principal-words'

/** The members that are shown. */
export interface Refusal {
  readonly id: string
  /** Clock time of the last and of the first occurrence, epoch milliseconds. */
  readonly atMs: number
  readonly firstAtMs: number
  readonly count: number
  readonly kind: string
  readonly action: string
  readonly reason: string
  readonly clientId: string | null
  readonly thingName: string | null
  /** Certificate id, or access key. */
  readonly principalId: string | null
  /** ARN of the certificate, user or session. */
  readonly principal: string | null
  readonly principalKind: DecidedPrincipalKind | null
  readonly cognitoIdentityId: string | null
  readonly sourceIp: string
  readonly summary: string
  readonly hint: string
}

/** Long enough to tell certificates apart. */
const SHOWN_CHARACTERS = 12

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** Colours text where the stream shows colours and `NO_COLOR` is not set. */
function painter(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream })
}

/** When, what and to whom, in one line. */
export function refusalTitle(refusal: Refusal, stream: NodeJS.WriteStream): string {
  const { atMs, action, reason } = refusal
  const paint = painter(stream)
  const parts = [paint('dim', time(atMs)), paint('red', `${action} ${reason}`)]
  return `${[...parts, paint('bold', who(refusal))].join('  ')}\n`
}

/** A refusal with why it was, and what would mend it. */
export function refusalText(refusal: Refusal, stream: NodeJS.WriteStream): string {
  const { firstAtMs, count, kind, summary, hint, id } = refusal
  const paint = painter(stream)
  const lines = [`  ${summary}`]
  if (hint !== '') lines.push(`  ${paint('cyan', `hint: ${hint}`)}`)
  if (count > 1) lines.push(paint('dim', `  ${count} times since ${time(firstAtMs)}`))
  if (kind === 'policy') lines.push(paint('dim', `  every clause: muster policy explain ${id}`))
  return `${refusalTitle(refusal, stream)}${lines.join('\n')}\n`
}

function who({ clientId, thingName, sourceIp, ...whose }: Refusal): string {
  const name = thingName ?? clientId
  const parts = [
    ...(name === null ? [] : [name]),
    ...(clientId === null || clientId === name ? [] : [`client ${clientId}`]),
    ...principal(whose),
    sourceIp,
  ]
  return parts.join(', ')
}

/** What kind of principal it is, and its name: certificates by their ids, others by ARN or identity. */
function principal({
  principalKind,
  principalId,
  principal: arn,
  cognitoIdentityId,
}: Omit<Refusal, 'clientId' | 'thingName' | 'sourceIp'>): readonly string[] {
  if (principalKind === null) return principalId === null ? [] : [cut(principalId)]
  const isCertificate = principalKind === 'certificate' || arn === null
  const name = isCertificate ? principalId : (cognitoIdentityId ?? arn)
  if (name === null) return [principalWords[principalKind]]
  return [`${principalWords[principalKind]} ${isCertificate ? cut(name) : name}`]
}

function cut(text: string): string {
  return text.length > 2 * SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}

function time(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}
