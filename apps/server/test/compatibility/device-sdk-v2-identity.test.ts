/**
 * Fleet provisioning by the first identity client of the AWS IoT Device SDK for JavaScript v2; the
 * second one: `provisioning/device-sdk.test.ts`.
 */
import { createDeviceKeyAndCsr } from '@muster/pki'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { iotidentity, mqtt } from 'aws-iot-device-sdk-v2'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClaim, createTemplate, type Identity } from '../provisioning/provisioning-fixture.ts'
import { connect311, connect5 } from './device-sdk-v2-connections.ts'

const qos = mqtt.QoS.AtLeastOnce
const templateName = 'fleet'
let server: TestServer
let claim: Identity
beforeAll(async () => {
  server = await startTestServer()
  await createTemplate(server, templateName)
  claim = await createClaim(server, templateName)
})
afterAll(() => server.close())

it.each(['3.1.1', '5'])(
  'gateway probe 8: aws-iot-device-sdk-v2, IotIdentityClient by MQTT %s, then as the new device',
  async (level) => {
    const identity = { ...claim, thingName: `claim-${level}` }
    const client =
      level === '5'
        ? iotidentity.IotIdentityClient.newFromMqtt5Client(
            (await connect5({ server, identity })).client,
          )
        : new iotidentity.IotIdentityClient(await connect311({ server, identity }))
    const keys = await firstAnswer<iotidentity.model.CreateKeysAndCertificateResponse>(
      (take) => client.subscribeToCreateKeysAndCertificateAccepted({}, qos, take),
      (refuse) => client.subscribeToCreateKeysAndCertificateRejected({}, qos, refuse),
      () => client.publishCreateKeysAndCertificate({}, qos),
    )
    expect(keys.privateKey).toMatch(/BEGIN RSA PRIVATE KEY/)
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: 'own' })
    const own = await firstAnswer<iotidentity.model.CreateCertificateFromCsrResponse>(
      (take) => client.subscribeToCreateCertificateFromCsrAccepted({}, qos, take),
      (refuse) => client.subscribeToCreateCertificateFromCsrRejected({}, qos, refuse),
      () => client.publishCreateCertificateFromCsr({ certificateSigningRequest: csrPem }, qos),
    )
    const registered = await firstAnswer<iotidentity.model.RegisterThingResponse>(
      (take) => client.subscribeToRegisterThingAccepted({ templateName }, qos, take),
      (refuse) => client.subscribeToRegisterThingRejected({ templateName }, qos, refuse),
      () =>
        client.publishRegisterThing(
          {
            templateName,
            certificateOwnershipToken: own.certificateOwnershipToken ?? '',
            parameters: { SerialNumber: `one-${level.replaceAll('.', '')}` },
          },
          qos,
        ),
    )
    const thingName = `dev-one-${level.replaceAll('.', '')}`
    expect(registered).toEqual({ thingName, deviceConfiguration: { interval: '30' } })
    const device = { thingName, certificatePem: own.certificatePem ?? '', privateKeyPem }
    await connect311({ server, identity: device })
  },
)

/** Subscribes to both outcomes, publishes, and gives the accepted one. */
async function firstAnswer<T>(
  accepted: (take: (error?: Error, response?: T) => void) => Promise<unknown>,
  rejected: (take: (error?: Error, refusal?: object) => void) => Promise<unknown>,
  publish: () => Promise<unknown>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  await accepted((error, response) => (error ? reject(error) : resolve(response as T)))
  await rejected((error, refusal) => reject(error ?? new Error(JSON.stringify(refusal))))
  await publish()
  return promise
}
