/** Claims, templates and requests for the onboarding tests. */
import { randomUUID } from 'node:crypto'
import {
  AttachPolicyCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  CreateProvisioningTemplateCommand,
  type CreateProvisioningTemplateCommandInput,
} from '@aws-sdk/client-iot'
import type { TestDevice, TestServer } from '@muster/server/testkit'
import { decode, encode } from 'cborg'
import type { MqttClient } from 'mqtt'

/** What a client shows when it connects. */
export type Identity = Pick<TestDevice, 'thingName' | 'certificatePem' | 'privateKeyPem'>

const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`

/** The policy that must suffice for a claim (gateway G105). */
export function claimPolicy(templateName: string): string {
  const paths = [
    '$aws/certificates/create/*',
    '$aws/certificates/create-from-csr/*',
    `$aws/provisioning-templates/${templateName}/provision/*`,
  ]
  const allow = (Action: string[], Resource: string[]): object => ({
    Effect: 'Allow',
    Action,
    Resource,
  })
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow(['iot:Connect'], ['*']),
      allow(
        ['iot:Publish', 'iot:Receive'],
        paths.map((path) => arn(`topic/${path}`)),
      ),
      allow(
        ['iot:Subscribe'],
        paths.map((path) => arn(`topicfilter/${path}`)),
      ),
    ],
  })
}

/** What a provisioned device may do. */
export const DEVICE_POLICY: object = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['iot:Connect', 'iot:Publish', 'iot:Subscribe', 'iot:Receive'],
      Resource: ['*'],
    },
  ],
}

/** `dev-SERIAL` with a certificate, an inline policy and device configuration. */
export const FLEET_TEMPLATE: string = JSON.stringify({
  Parameters: {
    SerialNumber: { Type: 'String' },
    'AWS::IoT::Certificate::Id': { Type: 'String' },
  },
  Resources: {
    thing: {
      Type: 'AWS::IoT::Thing',
      Properties: {
        ThingName: { 'Fn::Join': ['', ['dev-', { Ref: 'SerialNumber' }]] },
        AttributePayload: { serial: { Ref: 'SerialNumber' } },
      },
      OverrideSettings: { AttributePayload: 'MERGE' },
    },
    certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' },
    },
    policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: DEVICE_POLICY } },
  },
  DeviceConfiguration: { interval: '30' },
})

/** Makes an enabled template with {@link FLEET_TEMPLATE}. */
export async function createTemplate(
  server: TestServer,
  templateName: string,
  more: Partial<CreateProvisioningTemplateCommandInput> = {},
): Promise<void> {
  await server.iot.send(
    new CreateProvisioningTemplateCommand({
      templateName,
      templateBody: FLEET_TEMPLATE,
      provisioningRoleArn: 'arn:aws:iam::123456789012:role/provisioning',
      enabled: true,
      ...more,
    }),
  )
}

/** A claim certificate, shared by many devices, with the policy of gateway G105. */
export async function createClaim(server: TestServer, templateName: string): Promise<Identity> {
  const { iot } = server
  const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
  const policyName = `claim-${templateName}`
  await iot.send(new CreatePolicyCommand({ policyName, policyDocument: claimPolicy(templateName) }))
  await iot.send(new AttachPolicyCommand({ policyName, target: made.certificateArn }))
  return {
    thingName: `claim-${randomUUID()}`,
    certificatePem: made.certificatePem ?? '',
    privateKeyPem: made.keyPair?.PrivateKey ?? '',
  }
}

/** A reply to a provisioning request. */
export interface Reply {
  readonly accepted: boolean
  readonly body: Readonly<Record<string, unknown>>
}

/** Publishes a request and awaits its reply; `topic` ends with the format. */
export function ask(
  client: MqttClient,
  topic: string,
  request: object | Uint8Array,
): Promise<Reply> {
  const cbor = topic.endsWith('/cbor')
  return new Promise((resolve, reject) => {
    const onMessage = (replyTopic: string, payload: Buffer): void => {
      if (!replyTopic.startsWith(`${topic}/`)) return
      client.off('message', onMessage)
      const body = cbor ? decode(payload) : JSON.parse(payload.toString())
      resolve({ accepted: replyTopic.endsWith('/accepted'), body })
    }
    client.on('message', onMessage)
    client.once('close', () => reject(new Error('the connection closed')))
    const plain = cbor ? encode(request) : JSON.stringify(request)
    const payload = request instanceof Uint8Array ? Buffer.from(request) : Buffer.from(plain)
    client.publishAsync(topic, payload, { qos: 1 }).catch(reject)
  })
}
