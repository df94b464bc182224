/** A server with something of every kind in its data folder, for backups and checks. */
import {
  AddThingToThingGroupCommand,
  CreateDynamicThingGroupCommand,
  CreateJobCommand,
  CreateJobTemplateCommand,
  CreatePackageCommand,
  CreatePackageVersionCommand,
  CreateProvisioningTemplateCommand,
  CreateRoleAliasCommand,
  CreateThingGroupCommand,
  CreateThingTypeCommand,
  UpdateIndexingConfigurationCommand,
  UpdatePackageCommand,
  UpdatePackageConfigurationCommand,
  UpdatePackageVersionCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot'
import { PublishCommand, UpdateThingShadowCommand } from '@aws-sdk/client-iot-data-plane'
import {
  CreateIdentityPoolCommand,
  CognitoIdentityClient,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import { StartNextPendingJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startTestServer,
  TEST_CREDENTIALS,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'

/** A server and its devices. */
export interface KeptWorld {
  readonly server: TestServer
  readonly devices: readonly TestDevice[]
}

const DOCUMENT = '{"operation":"install"}'

/** Starts the server; the caller closes it. */
export async function keptWorld(): Promise<KeptWorld> {
  const server = await startTestServer()
  const { iot, iotData, jobsData } = server
  const tags = [{ Key: 'owner', Value: 'test' }]
  await iot.send(new CreateThingTypeCommand({ thingTypeName: 'lamp', tags }))
  const { thingGroupArn = '' } = await iot.send(
    new CreateThingGroupCommand({ thingGroupName: 'fleet', tags }),
  )
  await iot.send(new CreateThingGroupCommand({ thingGroupName: 'below', parentGroupName: 'fleet' }))
  const devices: TestDevice[] = []
  for (const thingName of ['T1', 'T2', 'T3']) {
    devices.push(await createDevice(iot, thingName, { policyDocument: OPEN_POLICY }))
    await iot.send(new UpdateThingCommand({ thingName, thingTypeName: 'lamp' }))
    await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'fleet' }))
  }
  await iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY' },
    }),
  )
  await iot.send(
    new CreateDynamicThingGroupCommand({
      thingGroupName: 'lamps',
      queryString: 'thingTypeName:lamp',
    }),
  )
  await iot.send(
    new CreateProvisioningTemplateCommand({
      templateName: 'claim',
      templateBody: JSON.stringify({
        Resources: {
          certificate: {
            Type: 'AWS::IoT::Certificate',
            Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'Active' },
          },
        },
        Parameters: { 'AWS::IoT::Certificate::Id': { Type: 'String' } },
      }),
      provisioningRoleArn: 'arn:aws:iam::123456789012:role/provision',
      enabled: true,
    }),
  )
  await iot.send(
    new CreateJobTemplateCommand({ jobTemplateId: 'P1', description: 'd', document: DOCUMENT }),
  )
  // One that runs with a timer, one whose rollout waits, one between two windows, one that is done.
  const target = (index: number): string => devices[index]?.thingArn ?? ''
  await iot.send(
    new CreateJobCommand({
      jobId: 'runs',
      targets: [target(0)],
      document: DOCUMENT,
      timeoutConfig: { inProgressTimeoutInMinutes: 10 },
      tags,
    }),
  )
  await jobsData.send(new StartNextPendingJobExecutionCommand({ thingName: 'T1' }))
  await iot.send(
    new CreateJobCommand({
      jobId: 'rolls',
      targets: [thingGroupArn],
      targetSelection: 'CONTINUOUS',
      document: DOCUMENT,
      jobExecutionsRolloutConfig: { maximumPerMinute: 1 },
    }),
  )
  await server.advance(1)
  const world = { server, devices }
  await keepMessages(world)
  await iotData.send(
    new UpdateThingShadowCommand({
      thingName: 'T1',
      payload: Buffer.from('{"state":{"desired":{"on":true}}}'),
    }),
  )
  await keepIdentity(server)
  await keepPackage(server)
  return world
}

/** A session that waits for a message, a will that waits, a retained message. */
async function keepMessages({ server, devices: [device] }: KeptWorld): Promise<void> {
  if (device === undefined) return
  const waiting = await connectMqtt(server, device, {
    clientId: 'waits',
    protocolVersion: 5,
    clean: false,
    properties: { sessionExpiryInterval: 3600 },
    will: {
      topic: 'gone',
      payload: Buffer.from('bye'),
      qos: 1,
      properties: { willDelayInterval: 1800 },
    },
  })
  await waiting.subscribeAsync('news', { qos: 1 })
  // With its will: reason code 4.
  await waiting.endAsync(true, { reasonCode: 4 })
  const { iotData } = server
  await iotData.send(new PublishCommand({ topic: 'news', payload: Buffer.from('one'), qos: 1 }))
  await iotData.send(
    new PublishCommand({ topic: 'kept', payload: Buffer.from('retained'), qos: 1, retain: true }),
  )
}

/** A package with its default version, a role alias. */
async function keepPackage({ iot }: TestServer): Promise<void> {
  const version = { packageName: 'app', versionName: '1.0.0' }
  const roleArn = 'arn:aws:iam::123456789012:role/packages'
  await iot.send(new CreatePackageCommand({ packageName: 'app', tags: { owner: 'test' } }))
  await iot.send(new CreatePackageVersionCommand({ ...version, tags: { owner: 'test' } }))
  await iot.send(new UpdatePackageVersionCommand({ ...version, action: 'PUBLISH' }))
  await iot.send(new UpdatePackageCommand({ packageName: 'app', defaultVersionName: '1.0.0' }))
  const versionUpdateByJobsConfig = { enabled: true, roleArn }
  await iot.send(new UpdatePackageConfigurationCommand({ versionUpdateByJobsConfig }))
  const tags = [{ Key: 'owner', Value: 'test' }]
  await iot.send(new CreateRoleAliasCommand({ roleAlias: 'reader', roleArn, tags }))
}

async function keepIdentity(server: TestServer): Promise<void> {
  const cognito = new CognitoIdentityClient({
    endpoint: server.httpUrl,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
  })
  const { IdentityPoolId } = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'guests',
      AllowUnauthenticatedIdentities: true,
    }),
  )
  await cognito.send(new GetIdCommand({ IdentityPoolId }))
  cognito.destroy()
}
