/**
 * Who there is in the world: things with certificates, groups, and the policies that operators choose
 * from.
 */
import { X509Certificate } from 'node:crypto'
import { certificateIdOf } from '@muster/server/in-process'
import type { Statement } from '../model/policies.ts'
import { CERTIFICATES } from './certificates.ts'

/** A device's name and key. */
export interface Identity {
  /** Its thing and client identifier. */
  readonly name: string
  readonly pem: string
  readonly certificate: X509Certificate
  /** 64 hex characters. */
  readonly certificateId: string
  /** As the policies' model names it: `cert/0`. */
  readonly certificateName: string
}

/** Everybody. */
export const IDENTITIES: readonly Identity[] = CERTIFICATES.map((pem, index) => {
  const certificate = new X509Certificate(pem)
  return {
    name: `T${index}`,
    pem,
    certificate,
    certificateId: certificateIdOf(certificate.raw),
    certificateName: `cert/${index}`,
  }
})

/** Groups, with the group above. */
export const GROUPS: readonly (readonly [name: string, parent: string | undefined])[] = [
  ['G0', undefined],
  ['G1', 'G0'],
  ['G2', undefined],
]

const OWN = '$aws/things/${iot:Connection.Thing.ThingName}/*'

const full: readonly Statement[] = [
  { effect: 'Allow', actions: ['iot:Connect'], resources: ['client/*'] },
  {
    effect: 'Allow',
    actions: ['iot:Publish', 'iot:Receive'],
    resources: [`topic/${OWN}`, 'topic/fleet/*'],
  },
  {
    effect: 'Allow',
    actions: ['iot:Subscribe'],
    resources: [`topicfilter/${OWN}`, 'topicfilter/fleet/*'],
  },
  { effect: 'Allow', actions: ['iotjobsdata:*'], resources: ['thing/*'] },
]

/** Documents of the policy that all certificates have. */
export const FLEET_DOCUMENTS: readonly (readonly Statement[])[] = [
  full,
  full,
  [...full, { effect: 'Deny', actions: ['iot:Receive'], resources: ['topic/fleet/news'] }],
  [...full, { effect: 'Deny', actions: ['iot:Publish'], resources: ['topic/*/jobs/start-next'] }],
  [...full, { effect: 'Deny', actions: ['iot:Receive'], resources: ['topic/*/notify-next'] }],
  [...full, { effect: 'Deny', actions: ['iot:Subscribe'], resources: ['topicfilter/fleet/*'] }],
  [
    ...full,
    { effect: 'Deny', actions: ['iotjobsdata:UpdateJobExecution'], resources: ['thing/*'] },
  ],
  [
    { effect: 'Allow', actions: ['iot:Connect'], resources: ['client/*'] },
    { effect: 'Allow', actions: ['iot:*'], resources: [`topic/${OWN}`, `topicfilter/${OWN}`] },
  ],
]

/** Documents of the policy that is attached to groups and certificates now and then. */
export const GUEST_DOCUMENTS: readonly (readonly Statement[])[] = [
  [{ effect: 'Deny', actions: ['iot:Receive'], resources: ['topic/fleet/*'] }],
  [{ effect: 'Deny', actions: ['iot:Publish'], resources: ['topic/fleet/*'] }],
  [{ effect: 'Allow', actions: ['iot:*'], resources: ['topic/extra/*', 'topicfilter/extra/*'] }],
  [{ effect: 'Deny', actions: ['iot:Connect'], resources: ['client/T1'] }],
]

/** Topics that devices and operators publish to and subscribe to. */
export const TOPICS: readonly string[] = ['fleet/news', 'fleet/state', 'extra/hints']
