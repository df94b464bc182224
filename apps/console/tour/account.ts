/** What the pictures show beside the fleet of `start`: groups, templates, jobs, a denied device. */
import {
  AddThingToThingGroupCommand,
  CreateDynamicThingGroupCommand,
  CreateJobCommand,
  CreateJobTemplateCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateProvisioningTemplateCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  GetPolicyCommand,
  IoTClient,
  ListThingPrincipalsCommand,
  RegisterCACertificateCommand,
  type Job,
} from '@aws-sdk/client-iot'
import { createAuthority } from '@muster/pki'
import { starterBody } from '../src/onboarding/template-body.ts'
import type { Demo } from '../test/demo.ts'

/** How many devices the fleet has. */
export const fleetSize = 200
/** The device that a policy denies its work. */
export const deniedDevice = 'muster-demo-00017'
/** The job that rolls out while its picture is taken. */
export const rollingJob = 'firmware-2-1'

const policyName = 'muster-demo-device'

/** What pictures of single things, certificates and the like open. */
export interface Account {
  readonly certificateId: string
  readonly authorityId: string
}

/** Fills the account, through AWS's own operations. */
export async function fillAccount(demo: Demo): Promise<Account> {
  const iot = new IoTClient({
    endpoint: demo.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  try {
    await makeGroups(iot)
    await makeTemplates(iot)
    const authorityId = await registerAuthority(iot)
    await makeOpenPolicy(iot)
    await denyDevice(iot)
    const { job } = await iot.send(new DescribeJobCommand({ jobId: demo.summary.jobId }))
    await makeJobs(iot, job)
    const { principals = [] } = await iot.send(
      new ListThingPrincipalsCommand({ thingName: deniedDevice }),
    )
    const certificateId = principals[0]?.split('cert/')[1] ?? ''
    return { certificateId, authorityId }
  } finally {
    iot.destroy()
  }
}

function thing(index: number): string {
  return `muster-demo-${String(index).padStart(5, '0')}`
}

const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`

async function makeGroups(iot: IoTClient): Promise<void> {
  await iot.send(new CreateThingGroupCommand({ thingGroupName: 'plants' }))
  for (const [index, thingGroupName] of ['hamburg', 'lyon', 'porto'].entries()) {
    await iot.send(new CreateThingGroupCommand({ thingGroupName, parentGroupName: 'plants' }))
    for (let offset = 0; offset < 5; offset += 1) {
      const thingName = thing(index * 5 + offset)
      await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName }))
    }
  }
  await iot.send(
    new CreateDynamicThingGroupCommand({
      thingGroupName: 'online-sensors',
      queryString: 'thingTypeName:muster-demo-sensor AND connectivity.connected:true',
    }),
  )
}

async function makeTemplates(iot: IoTClient): Promise<void> {
  await iot.send(
    new CreateJobTemplateCommand({
      jobTemplateId: 'careful-firmware',
      description: 'Ten a minute, stops when a tenth failed',
      document: JSON.stringify({ operation: 'install-firmware', version: '2.1.0' }),
      jobExecutionsRolloutConfig: { maximumPerMinute: 10 },
      abortConfig,
      timeoutConfig: { inProgressTimeoutInMinutes: 30 },
    }),
  )
  await iot.send(
    new CreateProvisioningTemplateCommand({
      templateName: 'assembly-line',
      description: 'Devices introduce themselves at the end of the line',
      enabled: true,
      provisioningRoleArn: 'arn:aws:iam::123456789012:role/assembly-line',
      templateBody: starterBody(policyName),
    }),
  )
}

async function registerAuthority(iot: IoTClient): Promise<string> {
  const { certificatePem } = await createAuthority({
    nowMs: Date.UTC(2026, 0, 1),
    commonName: 'Assembly line',
  })
  const { certificateId = '' } = await iot.send(
    new RegisterCACertificateCommand({
      caCertificate: certificatePem,
      certificateMode: 'SNI_ONLY',
    }),
  )
  return certificateId
}

/** What the audit finds: a policy from the workbench that nobody took away. */
async function makeOpenPolicy(iot: IoTClient): Promise<void> {
  const statement = { Effect: 'Allow', Action: 'iot:*', Resource: '*' }
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await iot.send(new CreatePolicyCommand({ policyName: 'workbench', policyDocument }))
}

/** A new version of the fleet's policy denies one device its jobs. */
async function denyDevice(iot: IoTClient): Promise<void> {
  const { policyDocument = '' } = await iot.send(new GetPolicyCommand({ policyName }))
  const document = JSON.parse(policyDocument) as { readonly Statement: readonly object[] }
  const deny = {
    Effect: 'Deny',
    Action: 'iot:Publish',
    Resource: arn(`topic/$aws/things/${deniedDevice}/jobs/*`),
  }
  await iot.send(
    new CreatePolicyVersionCommand({
      policyName,
      policyDocument: JSON.stringify({ ...document, Statement: [...document.Statement, deny] }),
      setAsDefault: true,
    }),
  )
}

const abortConfig = {
  criteriaList: [
    {
      action: 'CANCEL' as const,
      failureType: 'FAILED' as const,
      minNumberOfExecutedThings: 20,
      thresholdPercentage: 10,
    },
  ],
}

/** One that waits for a night, one for whoever comes, and the one that rolls out. */
async function makeJobs(iot: IoTClient, first: Job | undefined): Promise<void> {
  const document = JSON.stringify({ operation: 'install-firmware', version: '2.1.0' })
  const startTime = `${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)}T02:00`
  await iot.send(
    new CreateJobCommand({
      jobId: 'calibrate-at-night',
      targets: [arn('thinggroup/plants')],
      document: JSON.stringify({ operation: 'calibrate' }),
      targetSelection: 'CONTINUOUS',
      schedulingConfig: {
        startTime,
        maintenanceWindows: [{ startTime: 'cron(0 2 * * ? *)', durationInMinutes: 120 }],
      },
    }),
  )
  await iot.send(
    new CreateJobCommand({
      jobId: 'rotate-logs',
      targets: [arn('thinggroup/hamburg')],
      document: JSON.stringify({ operation: 'rotate-logs' }),
    }),
  )
  await iot.send(
    new CreateJobCommand({
      jobId: rollingJob,
      description: 'Firmware 2.1.0 for every sensor',
      targets: first?.targets ?? [],
      document,
      jobExecutionsRolloutConfig: {
        exponentialRate: {
          baseRatePerMinute: 8,
          incrementFactor: 1.3,
          rateIncreaseCriteria: { numberOfSucceededThings: 30 },
        },
        maximumPerMinute: 20,
      },
      abortConfig,
      timeoutConfig: { inProgressTimeoutInMinutes: 60 },
    }),
  )
}
