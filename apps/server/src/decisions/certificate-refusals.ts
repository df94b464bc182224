/**
 * Devices whose certificate does not authenticate (gateway G10, A12), for the decision log.
 */
import { iotArn, type Account } from '@muster/model'
import type { Denial, Reasons } from './decision.ts'

/** A device that was turned away. */
export interface RefusedCertificate {
  /** Server log reason: `DEVICE_CERTIFICATE_INACTIVE`. */
  readonly reason: string
  /** undefined where the client showed no certificate. */
  readonly certificateId: string | undefined
  /** Who issued it, as its issuer line; undefined for the authority of this server. */
  readonly foreignIssuer?: string | undefined
  /** What it wanted: `iot:Connect`. */
  readonly action: string
  readonly protocol: 'mqtt' | 'https'
  readonly clientId?: string | undefined
  readonly thingName?: string | undefined
  readonly sourceIp: string
}

/** A device that was turned away, as a denial with its reasons. */
export function certificateRefusal(
  account: Account,
  refused: RefusedCertificate,
): [Denial, Reasons] {
  const { reason, certificateId, action, protocol, clientId, thingName, sourceIp } = refused
  const denial: Denial = {
    kind: 'certificate',
    effect: 'deny',
    action,
    reason,
    protocol,
    clientId,
    thingName,
    principalId: certificateId,
    principal: certificateId && iotArn(account, 'cert', certificateId),
    sourceIp,
  }
  const [what, hint] = reasons[reason]?.(refused) ?? ['does not authenticate', 'see its status']
  const who = certificateId === undefined ? 'the client' : `certificate ${certificateId}`
  return [denial, { summary: `${who} ${what}`, hint }]
}

type Told = (refused: RefusedCertificate) => readonly [what: string, hint: string]

const setActive: Told = ({ certificateId }) => [
  '',
  `aws iot update-certificate --certificate-id ${certificateId} --new-status ACTIVE`,
]

function status(what: string, hint: Told = setActive): Told {
  return (refused) => [`is ${what}`, hint(refused)[1]]
}

const reasons: Readonly<Record<string, Told>> = {
  DEVICE_CERTIFICATE_MISSING: () => [
    'showed no certificate',
    'give the client its certificate and private key (mosquitto: --cert and --key)',
  ],
  DEVICE_CERTIFICATE_NOT_REGISTERED: ({ foreignIssuer }) =>
    foreignIssuer === undefined
      ? [
          'is of this server but not registered here',
          'make the device again, muster device create for one: its certificate was deleted, or the account was emptied',
        ]
      : [
          `is not registered here; it was issued by \`${foreignIssuer}\``,
          'register it: aws iot register-certificate-without-ca, or its authority with register-ca-certificate',
        ],
  DEVICE_CERTIFICATE_INACTIVE: status('INACTIVE'),
  DEVICE_CERTIFICATE_PENDING_ACTIVATION: status('PENDING_ACTIVATION'),
  DEVICE_CERTIFICATE_PENDING_TRANSFER: status('PENDING_TRANSFER', () => [
    '',
    'accept, reject or cancel its transfer first',
  ]),
  DEVICE_CERTIFICATE_REVOKED: status('REVOKED', () => [
    '',
    'give the device another certificate: muster device rotate',
  ]),
  DEVICE_CERTIFICATE_EXPIRED: () => [
    'is outside its validity',
    'issue another one, and check the clock of this machine: validity follows wall time',
  ],
  DEVICE_CERTIFICATE_NEEDS_SNI: () => [
    'came without the name of a host',
    'let the client send the host name as SNI: connect to a name, not to an address',
  ],
}
