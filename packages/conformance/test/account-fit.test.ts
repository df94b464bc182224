/** Which scenarios and cases may run in an account of others. */
import { expect, it } from 'vitest'
import { caseUnfit, scenarioUnfit } from '../src/account/account-fit.ts'
import type { Case } from '../src/cases/case-format.ts'
import type { JsonObject, Step } from '../src/scenario-format.ts'

const step = (op: string, args: JsonObject, actor: Step['actor'] = 'operator'): Step => ({
  actor,
  op,
  args,
  expect: {},
})
const why = (...steps: Step[]): string | undefined => scenarioUnfit({ id: 'S', title: '', steps })

it.each<readonly [string, JsonObject]>([
  ['CreateThing', { thingName: 'T' }],
  ['CreateJob', { jobId: 'J', targets: [] }],
  ['ListJobExecutionsForThing', { thingName: 'T' }],
  ['DescribeManagedJobTemplate', { templateName: 'AWS-Reboot' }],
  ['ListTagsForResource', { resourceArn: 'arn:aws:iot:us-east-1:123456789012:job/J' }],
])('%s of its own runs', (op, args) => {
  expect(why(step(op, args))).toBeUndefined()
})

it.each<readonly [string, JsonObject, string]>([
  ['ListJobs', {}, 'looks at the whole account (ListJobs)'],
  ['UpdateEventConfigurations', {}, 'changes the whole account (UpdateEventConfigurations)'],
  ['UpdateIndexingConfiguration', {}, 'changes the whole account (UpdateIndexingConfiguration)'],
  ['CreateDynamicThingGroup', { thingGroupName: 'G', queryString: '*' }, 'looks at the whole'],
  ['CreateJob', { jobId: 'J', documentSource: 'https://s3/x' }, 'needs a role or objects in S3'],
  ['CreateJob', { jobId: 'J', presignedUrlConfig: { roleArn: 'r' } }, 'needs a role or objects'],
  ['CreateJob', { jobId: 'get' }, 'names a job by a word of topics'],
])('%s %j does not', (op, args, said) => {
  expect(why(step('CreateThing', { thingName: 'T' }), step(op, args))).toContain(said)
})

it('nor does what moves the clock', () => {
  expect(why(step('advance', { seconds: 60 }, 'clock'))).toBe('moves the clock')
})

it.each<readonly [Partial<Case>, string]>([
  [{ iam: {} }, 'IAM file'],
  [{ roles: [] }, 'role of its own'],
  [{ files: [] }, 'S3'],
  [{ pools: {} }, 'identity pools'],
  [{ clients: [{ client: 'c', thing: 'T', policy: {} }] }, 'policy reaches beyond'],
  [{ steps: [{ actor: 'server', op: 'restart', args: {}, expect: {} }] }, 'restarts'],
  [{ steps: [{ actor: 'raw', op: 'request', args: {}, expect: {} }] }, 'keys of its own'],
  [
    { steps: [{ actor: 'operator', op: 'GetThing', args: {}, as: 'user:a', expect: {} }] },
    'another operator',
  ],
  [
    { steps: [{ actor: 'device-mqtt', op: 'publish', args: { topic: 'a/b' }, expect: {} }] },
    'beside the topics',
  ],
  [
    { steps: [{ actor: 'device-https', op: 'request', args: { path: '/topics/a' }, expect: {} }] },
    'more than its own things',
  ],
])('a case with %j does not run', (more, said) => {
  expect(caseUnfit({ id: 'C', title: '', steps: [], ...more })).toContain(said)
})
