/** Fleet provisioning by the AWS IoT Device SDK for JavaScript v2, unmodified (probe 8). */
import { once } from 'node:events'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { iot, iotidentity, mqtt, mqtt5 } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createClaim, createTemplate, type Identity } from './provisioning-fixture.ts'

let server: TestServer
let claim: Identity
beforeAll(async () => {
  server = await startTestServer()
  await createTemplate(server, 'fleet')
  claim = await createClaim(server, 'fleet')
})
afterAll(() => server.close())

const bounds = { maxRequestResponseSubscriptions: 5, maxStreamingSubscriptions: 2 }

it('gateway probe 8: the identity client on MQTT 3.1.1, keys of the service', async () => {
  const client = iotidentity.IotIdentityClientv2.newFromMqtt311(await connect311(), {
    ...bounds,
    operationTimeoutInSeconds: 20,
  })
  onTestFinished(() => client.close())
  const keys = await client.createKeysAndCertificate({})
  expect(keys.privateKey).toMatch(/BEGIN RSA PRIVATE KEY/)
  const registered = await client.registerThing({
    templateName: 'fleet',
    certificateOwnershipToken: keys.certificateOwnershipToken ?? '',
    parameters: { SerialNumber: 'sdk-311' },
  })
  expect(registered.thingName).toBe('dev-sdk-311')
  expect(registered.deviceConfiguration).toEqual({ interval: '30' })
})

it('gateway probe 8: the identity client on MQTT 5, its own key, and a typed rejection', async () => {
  const client = iotidentity.IotIdentityClientv2.newFromMqtt5(await connect5(), {
    ...bounds,
    operationTimeoutInSeconds: 20,
  })
  onTestFinished(() => client.close())
  const { csrPem } = createDeviceKeyAndCsr({ commonName: 'own' })
  const made = await client.createCertificateFromCsr({ certificateSigningRequest: csrPem })
  const request = {
    templateName: 'fleet',
    certificateOwnershipToken: made.certificateOwnershipToken ?? '',
  }
  await expect(client.registerThing({ ...request, parameters: {} })).rejects.toMatchObject({
    modeledError: { statusCode: 400, errorCode: 'InvalidParameters' },
  })
  const parameters = { SerialNumber: 'sdk-5' }
  const registered = await client.registerThing({ ...request, parameters })
  expect(registered.thingName).toBe('dev-sdk-5')
})

async function connect311(): Promise<mqtt.MqttClientConnection> {
  const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(
    claim.certificatePem,
    claim.privateKeyPem,
  )
  config.with_certificate_authority(server.caPem)
  config.with_endpoint('localhost')
  config.with_port(server.mqttPort)
  config.with_client_id('sdk-311')
  config.with_clean_session(true)
  const connection = new mqtt.MqttClient().new_connection(config.build())
  await connection.connect()
  onTestFinished(async () => {
    await connection.disconnect()
  })
  return connection
}

async function connect5(): Promise<mqtt5.Mqtt5Client> {
  const builder = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromMemory(
    'localhost',
    claim.certificatePem,
    claim.privateKeyPem,
  )
  builder.withCertificateAuthority(server.caPem)
  builder.withPort(server.mqttPort)
  builder.withConnectProperties({ clientId: 'sdk-5', keepAliveIntervalSeconds: 60 })
  const client = new mqtt5.Mqtt5Client(builder.build())
  const connected = once(client, 'connectionSuccess')
  client.start()
  await connected
  onTestFinished(async () => {
    const stopped = once(client, 'stopped')
    client.stop()
    await stopped
    client.close()
  })
  return client
}
