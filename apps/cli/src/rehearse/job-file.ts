/** CreateJob's input from a file, checked as AWS checks it. */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { AwsProtocol, operationsOf, unknownMember } from '@muster/aws-protocol'
import { likelyName } from '@muster/model'
import { readNamedFile } from '../flags/named-file.ts'

/** Where a job is for nobody in particular. */
const SOMEBODY = 'arn:aws:iot:us-east-1:123456789012:thinggroup/everybody'

/**
 * Reads a job. Targets, document and job ID may be missing: none of them decides how a job rolls out.
 *
 * @throws Error naming the file and what AWS or this reader would have there
 */
export function readJobFile(file: string): Partial<CreateJobRequest> {
  const value = parsed(file)
  const { documentSource, jobTemplateArn } = value
  if (typeof jobTemplateArn === 'string' && !/::jobtemplate\/AWS-/.test(jobTemplateArn)) {
    throw new Error(
      `${file}: jobTemplateArn: the template is not known here: write its rollout, abort, timeout and retries into the file`,
    )
  }
  const hasDocument = documentSource !== undefined || jobTemplateArn !== undefined
  const input: Record<string, unknown> = {
    jobId: 'rehearsal',
    targets: [SOMEBODY],
    ...(hasDocument ? {} : { document: '{}' }),
    ...value,
  }
  const operation = operationsOf('iot').find(({ name }) => name === 'CreateJob')
  if (operation === undefined) throw new Error('the SDK has no CreateJob')
  const unknown = unknownMember(input, operation.input)
  if (unknown !== undefined) {
    const { known, name, path } = unknown
    const meant = likelyName(name, known)
    const hint = meant === undefined ? `expected ${known.join(', ')}` : `did you mean ${meant}?`
    throw new Error(`${file}: ${path === '' ? '' : `${path}.`}${name} is no member: ${hint}`)
  }
  const { jobId, ...body } = input
  const read = new AwsProtocol().codec(operation).readInput({
    labels: { jobId: String(jobId) },
    query: new Map(),
    headers: {},
    body: new TextEncoder().encode(JSON.stringify(body)),
  })
  if (!read.ok) throw new Error(`${file}: ${read.error.message}`)
  const { targets: _, ...job } = read.value as Partial<CreateJobRequest>
  return value['targets'] === undefined ? job : read.value
}

function parsed(file: string): Readonly<Record<string, unknown>> {
  const text = readNamedFile('--job', file, 'CreateJob’s input as JSON')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file}: not JSON: ${(cause as Error).message}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw new Error(`${file}: expected CreateJob’s input, a JSON object`)
}
