/** Muster as a process of its own, with its fleet made over the AWS API; tells when it is ready. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateThingCommand,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { yieldV8Threads } from '@muster/server'
import { startTestServer } from '@muster/server/testkit'
import {
  devicePolicy,
  httpsPolicy,
  servicePolicy,
  type BenchDevice,
  type Fleet,
} from './devices.ts'

const deviceCount = Number(process.argv[2] ?? 500)
const policyDocument = process.argv[3] === 'https' ? httpsPolicy : devicePolicy
const clock = process.argv[4] ?? 'system'

yieldV8Threads()
const server = await startTestServer({ clock })
const { iot } = server
await iot.send(new CreatePolicyCommand({ policyName: 'device', policyDocument }))
await iot.send(new CreatePolicyCommand({ policyName: 'service', policyDocument: servicePolicy }))

async function make(thingName: string, policyName: string): Promise<BenchDevice> {
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
  await iot.send(new CreateThingCommand({ thingName }))
  const { certificateArn: target = '', certificatePem = '' } = await iot.send(
    new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
  )
  await iot.send(new AttachThingPrincipalCommand({ thingName, principal: target }))
  await iot.send(new AttachPolicyCommand({ policyName, target }))
  return { thingName, certificatePem, privateKeyPem }
}

const devices: BenchDevice[] = []
for (let from = 0; from < deviceCount; from += 16) {
  const names = Array.from({ length: Math.min(16, deviceCount - from) }, (_, at) => `d${from + at}`)
  devices.push(...(await Promise.all(names.map((name) => make(name, 'device')))))
}
const authority = join(server.options.dataDir ?? '', 'authority')
const fleet: Fleet = {
  mqttPort: server.mqttPort,
  httpsPort: server.httpsPort,
  httpPort: server.httpPort,
  caPem: server.caPem,
  serverCertificatePem: readFileSync(join(authority, 'server-ec.pem'), 'utf8'),
  serverKeyPem: readFileSync(join(authority, 'server-ec.key'), 'utf8'),
  devices,
  service: await make('service', 'service'),
}
process.on('message', () => {
  void server.close().then(() => process.exit(0))
})
process.send?.(fleet)
