/** The steps that put a new certificate in place of an old one. */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  UpdateCertificateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import type { AttachedThing } from '@muster/policy'
import {
  newCertificate,
  type KeySource,
  type NewCertificate,
} from '../onboarding/new-certificate.ts'
import type { Step } from '../ui/use-steps.ts'

/** What is made, and for whom. */
export interface RotationPlan {
  readonly source: KeySource
  readonly csrPem: string
  readonly attached: {
    readonly things: readonly AttachedThing[]
    readonly policyNames: readonly string[]
  }
  /** Told of the new certificate as soon as it is there: its key is told once. */
  readonly onMade: (certificate: NewCertificate) => void
}

/** A new active certificate with the policies and things of the old one. */
export function rotation(iot: IoTClient, plan: RotationPlan): readonly Step[] {
  const { source, csrPem, attached, onMade } = plan
  let made: NewCertificate | undefined
  const arn = (): string => {
    if (made === undefined) throw new Error('The certificate is not made yet.')
    return made.certificateArn
  }
  return [
    {
      title: 'Make the certificate',
      act: async () => {
        const commonName = attached.things[0]?.thingName.slice(0, 64) ?? 'device'
        made = await newCertificate(iot, { source, commonName, csrPem })
        onMade(made)
        return made.certificateId
      },
    },
    ...attached.policyNames.map((policyName) => ({
      title: `Attach policy ${policyName}`,
      act: async () => {
        await iot.send(new AttachPolicyCommand({ policyName, target: arn() }))
        return null
      },
    })),
    ...attached.things.map(({ thingName, exclusive }) => ({
      title: `Attach to thing ${thingName}`,
      act: async () => {
        await iot.send(
          new AttachThingPrincipalCommand({
            thingName,
            principal: arn(),
            thingPrincipalType: exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING',
          }),
        )
        return null
      },
    })),
  ]
}

/** The old certificate is out of service. */
export function deactivation(iot: IoTClient, certificateId: string): readonly Step[] {
  return [
    {
      title: 'Deactivate the old certificate',
      act: async () => {
        await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
        return certificateId
      },
    },
  ]
}
