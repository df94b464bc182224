/** Run as `muster exec --clock virtual -- vitest run`: see ../README.md. */
import { readFileSync } from 'node:fs'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateJobCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DescribeJobCommand,
  DescribeJobExecutionCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { beforeAll, expect, it } from 'vitest'
import { doNextJob } from './agent.js'

const { env } = process
const iot = new IoTClient() // endpoint, keys and region come from the environment
const thingName = 'lamp'
let device
let thingArn

beforeAll(async () => {
  const thing = await iot.send(new CreateThingCommand({ thingName }))
  thingArn = thing.thingArn
  const made = await iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
  const policyDocument = readFileSync(new URL('policy.json', import.meta.url), 'utf8')
  await iot.send(new CreatePolicyCommand({ policyName: 'device', policyDocument }))
  const principal = made.certificateArn
  await iot.send(new AttachPolicyCommand({ policyName: 'device', target: principal }))
  await iot.send(new AttachThingPrincipalCommand({ thingName, principal }))
  device = {
    thingName,
    host: 'localhost',
    port: Number(env.MUSTER_MQTT_PORT),
    ca: readFileSync(env.MUSTER_CA),
    cert: made.certificatePem,
    key: made.keyPair.PrivateKey,
  }
})

async function createJob(jobId, more = {}) {
  const document = JSON.stringify({ operation: 'reboot' })
  await iot.send(new CreateJobCommand({ jobId, targets: [thingArn], document, ...more }))
}

it('a reboot that works completes its job', async () => {
  await createJob('reboot')
  const done = await doNextJob(device, ({ operation }) =>
    operation === 'reboot' ? 'SUCCEEDED' : 'REJECTED',
  )
  expect(done).toBe('reboot')
  const { job } = await iot.send(new DescribeJobCommand({ jobId: 'reboot' }))
  expect(job.status).toBe('COMPLETED')
})

it('a device that never comes back from its reboot times out', async () => {
  await createJob('lost', { timeoutConfig: { inProgressTimeoutInMinutes: 5 } })
  await doNextJob(device, () => undefined)
  // Five minutes pass at once, on the virtual clock.
  const body = JSON.stringify({ advanceSeconds: 301 })
  await fetch(`${env.AWS_ENDPOINT_URL}/_muster/clock`, { method: 'POST', body })
  const { execution } = await iot.send(
    new DescribeJobExecutionCommand({ jobId: 'lost', thingName }),
  )
  expect(execution.status).toBe('TIMED_OUT')
})
