/**
 * Recorded traffic: devices, and the requests that they were allowed.
 */
import type { Account } from '@muster/model'
import type { PolicyContext, ThingContext } from '../decide/policy-context.ts'

/** A device with what it asked. */
export interface ObservedDevice {
  readonly device: string
  readonly account: Account
  readonly certificateId: string
  readonly clientId: string | undefined
  readonly protocol: 'mqtt' | 'https'
  /** Every thing that the certificate is attached to. */
  readonly thingNames: readonly string[]
  /** The one that thing variables name. */
  readonly thing: ThingContext | undefined
  readonly commonName: string | undefined
  /** Static groups of the thing, ancestors included. */
  readonly groups: readonly string[]
  readonly requests: readonly ObservedRequest[]
}

/** One request; `resource` is what follows the account in the ARN: `topic/a/b`. */
export interface ObservedRequest {
  readonly action: string
  readonly resource: string
}

/** A recording, or what is wrong with it. */
export type ReadRecording =
  | { readonly ok: true; readonly devices: readonly ObservedDevice[] }
  | { readonly ok: false; readonly error: string }

/** Gathers the lines of a recording, parsed as JSON. */
export function readRecording(lines: readonly unknown[]): ReadRecording {
  const devices = new Map<string, ObservedDevice & { readonly requests: ObservedRequest[] }>()
  for (const [index, line] of lines.entries()) {
    const fields = (typeof line === 'object' && line !== null ? line : {}) as Fields
    const { device, action, resource } = fields
    if (typeof device !== 'string') return fault(index, 'expected a member `device`')
    const known = devices.get(device)
    if (typeof action === 'string' && typeof resource === 'string') {
      if (known === undefined) return fault(index, `\`${device}\` asks before it is introduced`)
      known.requests.push({ action, resource })
    } else if (typeof fields.certificateId === 'string' && fields.account !== undefined) {
      devices.set(device, {
        device,
        account: fields.account,
        certificateId: fields.certificateId,
        clientId: fields.clientId,
        protocol: fields.protocol === 'https' ? 'https' : 'mqtt',
        thingNames: fields.thingNames ?? [],
        thing: fields.thing,
        commonName: fields.commonName,
        groups: fields.groups ?? [],
        requests: [],
      })
    } else {
      return fault(index, 'expected `action` and `resource`, or the facts of a device')
    }
  }
  return { ok: true, devices: [...devices.values()].filter(({ requests }) => requests.length > 0) }
}

type Fields = Partial<Omit<ObservedDevice, 'requests'> & ObservedRequest>

function fault(index: number, why: string): ReadRecording {
  return { ok: false, error: `line ${index + 1} is no line of a recording: ${why}` }
}

/** What a device's requests are decided in. */
export function contextOf(device: ObservedDevice): PolicyContext {
  const { protocol, clientId, thing, thingNames, certificateId, commonName } = device
  const subject = commonName === undefined ? {} : { CommonName: [commonName] }
  return {
    protocol,
    clientId,
    thing,
    attachedThingNames: thingNames,
    certificate: { certificateId, attributes: () => ({ subject }) },
  }
}
