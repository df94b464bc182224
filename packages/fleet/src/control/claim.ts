/**
 * The operator's side of provisioning by claim: a template, and a claim certificate for it.
 */
import {
  AttachPolicyCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateProvisioningTemplateCommand,
  UpdateCertificateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import type { DeviceIdentity } from '@muster/device'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { call, isRefusal } from './control-plane.ts'
import type { PolicyScope } from './device-policy.ts'

/** A claim that devices can use. */
export interface Claim {
  readonly templateName: string
  readonly identity: DeviceIdentity
  /** Takes the claim certificate out of service again. */
  revoke(): Promise<void>
}

/**
 * Makes (or finds) the template, which takes `ThingName`, `ThingGroup` and `ThingType`, and a
 * fresh claim certificate that may do nothing but provision with it (gateway G105).
 *
 * @param prefix - tells templates of different fleets apart
 * @param devicePolicyName - policy that provisioned certificates get
 */
export async function createClaim(
  client: IoTClient,
  scope: PolicyScope,
  prefix: string,
  devicePolicyName: string,
  withType: boolean,
): Promise<Claim> {
  const templateName = `${prefix.slice(0, 28)}-claim${withType ? '-t' : ''}`
  await tolerate(
    'CreateProvisioningTemplate',
    client.send(
      new CreateProvisioningTemplateCommand({
        templateName,
        enabled: true,
        provisioningRoleArn: `arn:${scope.partition}:iam::${scope.accountId}:role/${templateName}`,
        templateBody: JSON.stringify(template(devicePolicyName, withType)),
      }),
    ),
  )
  const policyName = `${templateName}-policy`
  await tolerate(
    'CreatePolicy',
    client.send(
      new CreatePolicyCommand({ policyName, policyDocument: claimPolicy(scope, templateName) }),
    ),
  )
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: templateName })
  const {
    certificateArn = '',
    certificateId = '',
    certificatePem = '',
  } = await call(
    'CreateCertificateFromCsr',
    client.send(
      new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
    ),
  )
  await call(
    'AttachPolicy',
    client.send(new AttachPolicyCommand({ policyName, target: certificateArn })),
  )
  return {
    templateName,
    identity: { privateKeyPem, certificatePem },
    revoke: async () => {
      const input = { certificateId, newStatus: 'REVOKED' as const }
      await call('UpdateCertificate', client.send(new UpdateCertificateCommand(input)))
    },
  }
}

async function tolerate(operation: string, request: Promise<unknown>): Promise<void> {
  try {
    await call(operation, request)
  } catch (cause) {
    if (!isRefusal(cause, 'ResourceAlreadyExistsException')) throw cause
  }
}

function template(policyName: string, withType: boolean): object {
  const text = { Type: 'String' }
  return {
    Parameters: {
      ThingName: text,
      ThingGroup: text,
      ...(withType ? { ThingType: text } : {}),
      'AWS::IoT::Certificate::Id': text,
    },
    Resources: {
      thing: {
        Type: 'AWS::IoT::Thing',
        Properties: {
          ThingName: { Ref: 'ThingName' },
          ThingGroups: [{ Ref: 'ThingGroup' }],
          ...(withType ? { ThingTypeName: { Ref: 'ThingType' } } : {}),
        },
        OverrideSettings: { ThingGroups: 'MERGE' },
      },
      certificate: {
        Type: 'AWS::IoT::Certificate',
        Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
      },
      policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: policyName } },
    },
  }
}

function claimPolicy(scope: PolicyScope, templateName: string): string {
  const arn = (resource: string): string =>
    `arn:${scope.partition}:iot:${scope.region}:${scope.accountId}:${resource}`
  const topics = [
    '$aws/certificates/create-from-csr/*',
    `$aws/provisioning-templates/${templateName}/provision/*`,
  ]
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/*') },
      {
        Effect: 'Allow',
        Action: ['iot:Publish', 'iot:Receive'],
        Resource: topics.map((topic) => arn(`topic/${topic}`)),
      },
      {
        Effect: 'Allow',
        Action: 'iot:Subscribe',
        Resource: topics.map((topic) => arn(`topicfilter/${topic}`)),
      },
    ],
  })
}
