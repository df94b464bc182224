/** The steps that make a device. */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DescribeThingCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import type { AdminClient } from '../admin/admin-client.ts'
import { arnAccount } from '../aws/arn.ts'
import { leastDevicePolicy } from '../policies/policy-document.ts'
import type { Step } from '../ui/use-steps.ts'
import { newCertificate, type KeySource, type NewCertificate } from './new-certificate.ts'

/** One policy serves every device that is made without one of its own: it has variables. */
export const sharedPolicy = 'muster-device'

/** What is made. */
export interface DevicePlan {
  readonly thingName: string
  readonly source: KeySource
  readonly csrPem: string
  readonly policyName: string
  /** Whether the policy is to be made first, as the least that a device of Jobs needs. */
  readonly makesPolicy: boolean
  /** Absent where there is none that may be used. */
  readonly admin?: Pick<AdminClient, 'isThing'>
  readonly onThing: (thingArn: string) => void
  /** Told of the certificate as soon as it is there: its key is told once. */
  readonly onCertificate: (certificate: NewCertificate) => void
}

/** Thing, policy, certificate, and what joins them; each of AWS's operations is a step. */
export function making(iot: IoTClient, plan: DevicePlan): readonly Step[] {
  const { thingName, policyName, makesPolicy, source, csrPem } = plan
  let thingArn = ''
  let certificateArn = ''
  return [
    {
      title: `CreateThing: ${thingName}`,
      act: async () => {
        await refuseTaken(iot, plan)
        const made = await iot.send(new CreateThingCommand({ thingName }))
        thingArn = made.thingArn ?? ''
        plan.onThing(thingArn)
        return thingArn
      },
    },
    ...(makesPolicy
      ? [
          {
            title: `CreatePolicy: ${policyName}`,
            act: async () => {
              const account = arnAccount(thingArn)
              if (account === undefined) throw new Error('The server answered without an ARN.')
              const policyDocument = leastDevicePolicy(account)
              await iot.send(new CreatePolicyCommand({ policyName, policyDocument }))
              return null
            },
          },
        ]
      : []),
    {
      title: source === 'service' ? 'CreateKeysAndCertificate' : 'CreateCertificateFromCsr',
      act: async () => {
        const certificate = await newCertificate(iot, { source, commonName: thingName, csrPem })
        certificateArn = certificate.certificateArn
        plan.onCertificate(certificate)
        return certificate.certificateId
      },
    },
    {
      title: `AttachPolicy: ${policyName}`,
      act: async () => {
        await iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }))
        return null
      },
    },
    {
      title: 'AttachThingPrincipal',
      act: async () => {
        await iot.send(new AttachThingPrincipalCommand({ thingName, principal: certificateArn }))
        return null
      },
    },
  ]
}

/** CreateThing answers success for a thing that is there already: its keys would be mixed. */
async function refuseTaken(iot: IoTClient, { admin, thingName }: DevicePlan): Promise<void> {
  // AWS's operation refuses where there is none, and that would be told as somebody's refusal.
  const isTaken =
    (await admin?.isThing(thingName).catch(() => undefined)) ?? (await isDescribed(iot, thingName))
  if (!isTaken) return
  throw new Error(
    `There is a thing ${thingName} already: rotate its certificate, or choose another name.`,
  )
}

async function isDescribed(iot: IoTClient, thingName: string): Promise<boolean> {
  try {
    await iot.send(new DescribeThingCommand({ thingName }))
    return true
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return false
    throw cause
  }
}

/** What is wrong with a thing's name; the certificate is named after it. */
export function thingNameFault(thingName: string): string | undefined {
  if (thingName === '') return 'Enter a name.'
  return /^[a-zA-Z0-9:_-]{1,64}$/.test(thingName)
    ? undefined
    : 'A name has 1 to 64 letters, digits and any of : _ -'
}
