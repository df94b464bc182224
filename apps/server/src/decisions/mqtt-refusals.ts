/**
 * What the broker refuses, for the decision log.
 */
import type { BrokerRefusal } from '@muster/broker'
import { iotArn, type Account } from '@muster/model'
import { principalKindNamed } from './decided-principal.ts'
import type { Denial, Reasons } from './decision.ts'

/** A refusal of the broker's as a denial with its reasons. */
export function mqttRefusal(
  account: Account,
  { detail, hint, packet, principalId, principalKind, ...who }: BrokerRefusal,
): [Denial, Reasons] {
  const isCertificate = principalId !== undefined && /^[0-9a-f]{64}$/.test(principalId)
  const denial: Denial = {
    ...who,
    kind: 'mqtt',
    effect: 'deny',
    action: packet,
    protocol: 'mqtt',
    principalId,
    principalKind: principalKindNamed(principalKind),
    principal: isCertificate ? iotArn(account, 'cert', principalId) : undefined,
  }
  return [denial, { summary: `${what(packet)}: ${detail}`, hint }]
}

function what(packet: BrokerRefusal['packet']): string {
  if (packet === 'DISCONNECT') return 'the connection was ended'
  return packet === 'MQTT' ? 'the connection was ended for what it sent' : `${packet} was refused`
}
