/**
 * Muster as a process of its own. Crowds of things are written to its store before it starts;
 * the connected devices are made over the AWS API. Its clock runs 10,000 times faster, so that no
 * rollout rate limits the creation of executions.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateThingCommand,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { openRegistry } from '@muster/registry'
import { openStore } from '@muster/store'
import { jobsPolicy, startTestServer } from '@muster/server/testkit'
import { DEVICES, groups, LARGE, SMALL, type BenchDevice, type Fleet } from './fleet.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
const dataDir = join(folder, 'data')
mkdirSync(dataDir, { mode: 0o700 })
seed(join(dataDir, 'muster.db'))
// An empty database takes over what was written to the file.
const url = process.env['MUSTER_BENCH_STORE']
const store = url ? { url, sealKey: undefined, outageSeconds: undefined } : undefined
const server = await startTestServer({ clock: 'x10000', dataDir, store })
const { iot } = server
const policyName = 'device'
await iot.send(new CreatePolicyCommand({ policyName, policyDocument: jobsPolicy() }))
const devices: BenchDevice[] = []
for (let from = 0; from < DEVICES; from += 16) {
  const count = Math.min(16, DEVICES - from)
  const names = Array.from({ length: count }, (_, at) => `device-${from + at}`)
  devices.push(...(await Promise.all(names.map(make))))
}
const { mqttPort, httpUrl, caPem } = server
const fleet: Fleet = { mqttPort, httpUrl, caPem, devices }
process.on('message', () => {
  void server.close().then(() => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  })
})
process.send?.(fleet)

async function make(thingName: string): Promise<BenchDevice> {
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
  await iot.send(new CreateThingCommand({ thingName }))
  await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: groups.devices }))
  const { certificateArn: target = '', certificatePem = '' } = await iot.send(
    new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: true }),
  )
  await iot.send(new AttachThingPrincipalCommand({ thingName, principal: target }))
  await iot.send(new AttachPolicyCommand({ policyName, target }))
  return { thingName, certificatePem, privateKeyPem }
}

function seed(file: string): void {
  const store = openStore({ file })
  let ids = 0
  const registry = openRegistry({
    account: { region: 'us-east-1', accountId: '123456789012' },
    records: store.records,
    emit: () => {},
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    // Nothing is signed while things are seeded.
    certificateIssuer: undefined as never,
  })
  const nowMs = Date.now()
  for (const thingGroupName of Object.values(groups)) {
    registry.createThingGroup({ thingGroupName }, nowMs)
  }
  for (let index = 0; index < LARGE; index += 1) {
    const thingName = `waiting-${index}`
    registry.createThing({ thingName }, nowMs)
    registry.addThingToThingGroup({ thingName, thingGroupName: groups.large }, nowMs)
    if (index < SMALL) {
      registry.addThingToThingGroup({ thingName, thingGroupName: groups.small }, nowMs)
    }
  }
  store.commit()
  store.close()
}
