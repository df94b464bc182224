/**
 * Which scenarios and cases can run in an account of others, and why the rest cannot: no clock moves
 * there, and nothing may be touched that is not their own.
 */
import type { Case, CaseStep } from '../cases/case-format.ts'
import type { Json, JsonObject, Scenario, Step } from '../scenario-format.ts'
import { isNaming } from './own-names.ts'

/** Read-only requests that name nothing of an account. */
const OF_NOBODY = new Set([
  'DescribeEndpoint',
  'DescribeManagedJobTemplate',
  'GetCallerIdentity',
  'ListManagedJobTemplates',
])
/** Requests that name something of their own and reach beyond it all the same. */
const REACHES_BEYOND = new Set(['CreateDynamicThingGroup', 'UpdateDynamicThingGroup'])
/** Members that point at what the account would have to hold beside IoT. */
const ELSEWHERE = new Set(['roleArn', 'documentSource', 'sbom', 'artifact'])
/** Job ids that are words of topics: under another name they would test nothing. */
const TOPIC_WORDS = new Set(['get', 'update', 'start-next', 'notify', 'notify-next'])

/** Why a scenario cannot run in an account of others; undefined when it can. */
export function scenarioUnfit({ steps }: Scenario): string | undefined {
  for (const step of steps) {
    const why = stepUnfit(step)
    if (why !== undefined) return why
  }
  return undefined
}

/** Why a case cannot. */
export function caseUnfit(one: Case): string | undefined {
  if (one.iam !== undefined) return 'needs an IAM file of its own'
  if (one.roles !== undefined) return 'needs a role of its own'
  if (one.files !== undefined) return 'needs objects in S3'
  if (one.oidc !== undefined || one.pools !== undefined) return 'needs identity pools'
  if (one.clients?.some(({ policy }) => policy !== undefined) === true) {
    return 'its device policy reaches beyond names of its own'
  }
  for (const step of one.steps) {
    const why = caseStepUnfit(step)
    if (why !== undefined) return why
  }
  return undefined
}

function stepUnfit({ actor, op, args }: Step): string | undefined {
  if (actor === 'clock') return 'moves the clock'
  if (TOPIC_WORDS.has(String(args['jobId']))) return 'names a job by a word of topics'
  return actor === 'operator' ? requestUnfit(op, args) : undefined
}

function caseStepUnfit({ actor, as, op, args }: CaseStep): string | undefined {
  if (actor === 'clock') return 'moves the clock'
  if (actor === 'server') return 'restarts the server'
  if (actor === 'iam-file') return 'needs an IAM file of its own'
  if (actor === 'raw' || actor === 'ws-mqtt') return 'signs requests with keys of its own'
  if (as !== undefined) return 'signs as another operator'
  if (actor === 'device-https') {
    return String(args['path']).startsWith('/things/')
      ? undefined
      : 'asks for more than its own things'
  }
  if (actor === 'device-mqtt') {
    const topic = args['topic']
    const isOwn = topic === undefined || String(topic).startsWith('$aws/things/')
    return isOwn ? undefined : 'publishes beside the topics of its own things'
  }
  return requestUnfit(op, args)
}

function requestUnfit(op: string, args: JsonObject): string | undefined {
  if (OF_NOBODY.has(op)) return undefined
  if (REACHES_BEYOND.has(op)) return `looks at the whole account (${op})`
  const elsewhere = Object.keys(args).find((name) => ELSEWHERE.has(name))
  if (elsewhere !== undefined || mentions(args, 'roleArn')) {
    return 'needs a role or objects in S3 of the account'
  }
  if (namesOwn(args)) return undefined
  const reads = /^(List|Get|Describe|Search)/.test(op)
  return reads ? `looks at the whole account (${op})` : `changes the whole account (${op})`
}

function mentions(args: Json, member: string): boolean {
  return JSON.stringify(args).includes(`"${member}":`)
}

/** Whether a request names a resource, or an ARN of one. */
function namesOwn(args: JsonObject): boolean {
  return Object.entries(args).some(
    ([name, value]) =>
      (isNaming(name) && name !== 'parentGroupName') ||
      (/arn$/i.test(name) && typeof value === 'string' && value !== ''),
  )
}
