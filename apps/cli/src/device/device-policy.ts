/** The policy of a device: the least that Jobs needs, or a file's. */
import { isDeepStrictEqual } from 'node:util'
import {
  CreatePolicyCommand,
  DeletePolicyCommand,
  GetPolicyCommand,
  paginateListPolicies,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { parsePolicy } from '@muster/policy'
import { readPolicyFile } from '../policy/policy-file.ts'
import { ask } from './device-account.ts'
import type { Undo } from './undo.ts'

/** One policy serves every device that is made without one of its own: it has variables. */
export const SHARED_POLICY = 'muster-device'

/** A policy to attach. */
export interface DevicePolicy {
  readonly policyName: string
  /** For the account of an ARN. */
  document(thingArn: string): string
}

/**
 * The policy that `--policy` names, or the shared one.
 *
 * @throws Error naming the file when it cannot be read, and what is malformed in it
 */
export function devicePolicy(thingName: string, file: string | undefined): DevicePolicy {
  if (file === undefined) return { policyName: SHARED_POLICY, document: leastPolicy }
  const text = readPolicyFile(file)
  const parsed = parsePolicy(text, 'iot')
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error.message}`)
  return { policyName: ownPolicyName(thingName), document: () => text }
}

/** The name of a device's own policy: a thing's name, but for what policies cannot have in theirs. */
export function ownPolicyName(thingName: string): string {
  return thingName.replaceAll(':', '-')
}

/**
 * Makes the policy unless it is there. The shared one may have been changed since.
 *
 * @throws Error when another one has the name of a device's own
 */
export async function ensurePolicy(
  iot: IoTClient,
  { policyName, document }: DevicePolicy,
  thingArn: string,
  undo: Undo,
): Promise<void> {
  const policyDocument = document(thingArn)
  const there = await existing(iot, policyName)
  if (there === undefined) {
    await ask('CreatePolicy', iot.send(new CreatePolicyCommand({ policyName, policyDocument })))
    undo.made(`policy ${policyName}`, () => iot.send(new DeletePolicyCommand({ policyName })))
    return
  }
  // Whoever changed the shared one meant every device.
  if (policyName === SHARED_POLICY) return
  if (!isDeepStrictEqual(JSON.parse(there), JSON.parse(policyDocument))) {
    throw new Error(
      `there is a policy \`${policyName}\` already, and its document is another: ` +
        'attach it by hand, or delete it first',
    )
  }
}

/** Looked for in the list: asking for one that is not there is a refusal, and would be told as one. */
async function existing(iot: IoTClient, policyName: string): Promise<string | undefined> {
  const pages = paginateListPolicies({ client: iot, pageSize: 250 }, {})
  const isThere = async (): Promise<boolean> => {
    for await (const { policies = [] } of pages) {
      if (policies.some((policy) => policy.policyName === policyName)) return true
    }
    return false
  }
  if (!(await ask('ListPolicies', isThere()))) return undefined
  const found = await ask('GetPolicy', iot.send(new GetPolicyCommand({ policyName })))
  return found.policyDocument
}

/**
 * Connect as itself, and work on its own jobs. Over MQTT the thing is the one that the certificate is
 * attached to and the client ID names; over HTTPS, where thing variables do not exist (authz F4), the
 * certificate's common name is the thing name.
 */
function leastPolicy(thingArn: string): string {
  const prefix = thingArn.split(':').slice(0, 5).join(':')
  const thing = '${iot:Connection.Thing.ThingName}'
  const jobs = `$aws/things/${thing}/jobs/*`
  const statements = [
    { Action: 'iot:Connect', Resource: `${prefix}:client/${thing}` },
    { Action: ['iot:Publish', 'iot:Receive'], Resource: `${prefix}:topic/${jobs}` },
    { Action: 'iot:Subscribe', Resource: `${prefix}:topicfilter/${jobs}` },
    {
      Action: [
        'iotjobsdata:DescribeJobExecution',
        'iotjobsdata:GetPendingJobExecutions',
        'iotjobsdata:StartNextPendingJobExecution',
        'iotjobsdata:UpdateJobExecution',
      ],
      Resource: `${prefix}:thing/\${iot:Certificate.Subject.CommonName}`,
    },
  ]
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }))
  return JSON.stringify({ Version: '2012-10-17', Statement })
}
