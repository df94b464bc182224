import { describe, expect, it } from 'vitest'
import type { NormalizedSchema } from '@smithy/core/schema'
import { constraints } from '../src/constraints/tables.ts'
import { AwsProtocol } from '../src/protocol.ts'
import { operationsOf } from '../src/sdk-schemas.ts'
import type { AwsService } from '../src/service.ts'

const protocol = new AwsProtocol()

/** Reads an input from a body and a query, labels being valid; the refusal as `code: message`. */
function read(
  service: AwsService,
  name: string,
  { body, query = {}, labels = {} }: { body?: unknown; query?: object; labels?: object },
): unknown {
  const operation = operationsOf(service).find((one) => one.name === name)
  if (operation === undefined) throw new Error(name)
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {})
  const outcome = protocol.codec(operation).readInput({
    labels: labels as Record<string, string>,
    query: new Map(Object.entries(query).map(([key, value]) => [key, [String(value)]])),
    headers: {},
    body: new TextEncoder().encode(text),
  })
  return outcome.ok ? outcome.value : `${outcome.error.code}: ${outcome.error.message}`
}

const one = 'InvalidRequestException: 1 validation error detected: '

describe('gateway G67, jobs J71: input that breaks a constraint', () => {
  it.for([
    [
      'pattern',
      'CreateThing',
      { labels: { thingName: 'a b' } },
      "Value 'a b' at 'thingName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
    ],
    [
      'too long',
      'CreateThing',
      { labels: { thingName: 'a'.repeat(129) } },
      `Value '${'a'.repeat(129)}' at 'thingName' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ],
    [
      'missing',
      'CreateJob',
      { labels: { jobId: 'J' } },
      "Value null at 'targets' failed to satisfy constraint: Member must not be null",
    ],
    [
      'null counts as missing',
      'CreateJob',
      { labels: { jobId: 'J' }, body: { targets: null } },
      "Value null at 'targets' failed to satisfy constraint: Member must not be null",
    ],
    [
      'enumeration',
      'CreateJob',
      { labels: { jobId: 'J' }, body: { targets: ['a'], targetSelection: 'SOME' } },
      "Value 'SOME' at 'targetSelection' failed to satisfy constraint: Member must satisfy enum value set: [CONTINUOUS, SNAPSHOT]",
    ],
    [
      'range',
      'ListJobs',
      { query: { maxResults: 251 } },
      "Value '251' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 250",
    ],
    [
      'no number',
      'ListJobs',
      { query: { maxResults: 'abc' } },
      "Value 'abc' at 'maxResults' failed to satisfy constraint: Member must be a number",
    ],
    [
      'no whole number',
      'ListJobs',
      { query: { maxResults: '1.5' } },
      "Value '1.5' at 'maxResults' failed to satisfy constraint: Member must be a whole number",
    ],
    [
      'no boolean',
      'CancelJob',
      { labels: { jobId: 'J' }, query: { force: 'yes' } },
      "Value 'yes' at 'force' failed to satisfy constraint: Member must be true or false",
    ],
    [
      'nested',
      'CreateJob',
      {
        labels: { jobId: 'J' },
        body: {
          targets: ['a'],
          abortConfig: {
            criteriaList: [
              {
                failureType: 'FAILED',
                action: 'CANCEL',
                thresholdPercentage: 101,
                minNumberOfExecutedThings: 1,
              },
            ],
          },
        },
      },
      "Value '101.0' at 'abortConfig.criteriaList.1.member.thresholdPercentage' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      'a list for a text',
      'CreateJob',
      { labels: { jobId: 'J' }, body: { targets: ['a'], document: ['x'] } },
      "Value '[\"x\"]' at 'document' failed to satisfy constraint: Member must be a string",
    ],
    [
      'a text for a list',
      'CreateJob',
      { labels: { jobId: 'J' }, body: { targets: 'a' } },
      "Value 'a' at 'targets' failed to satisfy constraint: Member must be a list",
    ],
    [
      'a key of a map',
      'CreateThing',
      { labels: { thingName: 'T' }, body: { attributePayload: { attributes: { 'a b': 'x' } } } },
      "Value '{a b=x}' at 'attributePayload.attributes' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#-]+]",
    ],
    [
      "a value of statusDetails, in the model's pattern though tab and line ends pass",
      'CancelJobExecution',
      { labels: { thingName: 'T', jobId: 'J' }, body: { statusDetails: { a: '\u0000' } } },
      "Value '{a=\u0000}' at 'statusDetails' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [^\\p{C}]+]",
    ],
    [
      'a value of a map',
      'CreateThing',
      { labels: { thingName: 'T' }, body: { attributePayload: { attributes: { a: 'x y' } } } },
      "Value '{a=x y}' at 'attributePayload.attributes' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 800, Member must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#=\\[\\]-]*]",
    ],
    [
      'a text of a list',
      'UntagResource',
      { body: { resourceArn: 'arn', tagKeys: ['ok', 'a%b'] } },
      "Value '[ok, a%b]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$]",
    ],
  ] as const)('%s', ([, name, source, message]) => {
    expect(read('iot', name, source)).toBe(one + message)
  })

  it('every violation is counted', () => {
    expect(read('iot', 'CreateJob', { labels: { jobId: 'a b' } })).toMatch(
      /^InvalidRequestException: 2 validation errors detected: Value 'a b' at 'jobId' .*; Value null at 'targets'/,
    )
  })
})

it('gateway G120, G133: an unknown event type, and a bad version of a policy', () => {
  expect(
    read('iot', 'UpdateEventConfigurations', {
      body: { eventConfigurations: { BOGUS: { Enabled: true }, ALSO: {} } },
    }),
  ).toBe(
    `${one}Value at 'eventConfigurations' failed to satisfy constraint: Map keys must satisfy ` +
      'constraint: [Member must satisfy enum value set: [CA_CERTIFICATE, CERTIFICATE, JOB, ' +
      'JOB_EXECUTION, POLICY, THING, THING_GROUP, THING_GROUP_HIERARCHY, ' +
      'THING_GROUP_MEMBERSHIP, THING_TYPE, THING_TYPE_ASSOCIATION]]',
  )
  expect(
    read('iot', 'SetDefaultPolicyVersion', {
      labels: { policyName: 'P', policyVersionId: 'abc' },
    }),
  ).toBe(
    `${one}Value at 'policyVersionId' failed to satisfy constraint: ` +
      'Member must satisfy regular expression pattern: [0-9]+',
  )
})

it('a body full of faults is not answered with all of them', () => {
  const targets = Array.from({ length: 100_000 }, () => 5)
  const text = read('iot', 'CreateJob', { labels: { jobId: 'J' }, body: { targets } })
  expect(String(text)).toMatch(/^InvalidRequestException: 51 validation errors detected/)
  expect(String(text).length).toBeLessThan(10_000)
})

describe('bodies', () => {
  it.for(['{', '[]', 'null', '1', '"x"', '{"a":1}}'])('issue 2, 4: bad body %s', (body) => {
    expect(read('iot', 'CreateThing', { labels: { thingName: 'T' }, body })).toBe(
      'SerializationException: The request body must be a JSON object',
    )
    expect(
      read('iot-jobs-data', 'UpdateJobExecution', {
        labels: { thingName: 'T', jobId: 'J' },
        body,
      }),
    ).toBe('InvalidRequestException: The request body must be a JSON object')
  })

  it('an operation without body members ignores its body', () => {
    expect(read('iot', 'DescribeThing', { labels: { thingName: 'T' }, body: '{' })).toEqual({
      thingName: 'T',
    })
  })

  it('unknown members are ignored, and `__proto__` is data', () => {
    const body = '{"x":1,"attributePayload":{"attributes":{"__proto__":"a"}}}'
    expect(read('iot', 'CreateThing', { labels: { thingName: 'T' }, body })).toEqual({
      thingName: 'T',
      attributePayload: { attributes: JSON.parse('{"__proto__":"a"}') },
    })
  })
})

describe('jobs data plane', () => {
  const labels = { thingName: 'T', jobId: 'J' }

  it('jobs J12: numbers may be spelt as text', () => {
    const body = { status: 'FAILED', expectedVersion: '3', executionNumber: '2' }
    expect(read('iot-jobs-data', 'UpdateJobExecution', { labels, body })).toEqual({
      ...labels,
      ...body,
      expectedVersion: 3,
      executionNumber: 2,
    })
  })

  it('jobs J12: other types are InvalidRequest', () => {
    const body = { status: 'FAILED', expectedVersion: true }
    expect(read('iot-jobs-data', 'UpdateJobExecution', { labels, body })).toBe(
      `${one}Value 'true' at 'expectedVersion' failed to satisfy constraint: Member must be a number`,
    )
  })

  it('jobs J30, D18: tab and newline pass in status details', () => {
    const body = { status: 'FAILED', statusDetails: { stdout: 'a\tb\n' } }
    expect(read('iot-jobs-data', 'UpdateJobExecution', { labels, body })).toMatchObject(body)
  })

  it('jobs J27: a missing status is InvalidRequest', () => {
    expect(read('iot-jobs-data', 'UpdateJobExecution', { labels })).toBe(
      `${one}Value null at 'status' failed to satisfy constraint: Member must not be null`,
    )
  })
})

it('every constraint is on a structure and member that the SDK has', () => {
  for (const service of ['iot', 'iotdata', 'iot-jobs-data'] as const) {
    const members = new Map<string, Set<string>>()
    const visit = (schema: NormalizedSchema): void => {
      if (schema.isStructSchema()) {
        const name = schema.getName() ?? ''
        if (members.has(name)) return
        members.set(name, new Set([...schema.structIterator()].map(([member]) => member)))
        for (const [, member] of schema.structIterator()) visit(member)
      } else if (schema.isListSchema() || schema.isMapSchema()) visit(schema.getValueSchema())
    }
    for (const { input } of operationsOf(service)) visit(input)
    for (const [structure, constrained] of Object.entries(constraints[service])) {
      for (const member of Object.keys(constrained)) {
        expect(members.get(structure)?.has(member), `${structure}.${member}`).toBe(true)
      }
    }
  }
})

describe('the words of AWS', () => {
  const update = (body: object): unknown =>
    read('iot', 'UpdateJob', { labels: { jobId: 'J' }, body })
  const criterion = {
    failureType: 'FAILED',
    action: 'CANCEL',
    thresholdPercentage: 50,
    minNumberOfExecutedThings: 1,
  }
  const abort = (...criteriaList: readonly object[]): object => ({ abortConfig: { criteriaList } })
  const retry = (...criteriaList: readonly object[]): object => ({
    jobExecutionsRetryConfig: { criteriaList },
  })
  const clause = (value: string, path: string, rule: string): string =>
    `Value ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`

  it.for<readonly [string, object, string]>([
    [
      'a double',
      abort({ ...criterion, thresholdPercentage: 101 }),
      clause(
        "'101.0'",
        'abortConfig.criteriaList.1.member.thresholdPercentage',
        'have value less than or equal to 100',
      ),
    ],
    [
      'an empty list',
      abort(),
      clause("'[]'", 'abortConfig.criteriaList', 'have length greater than or equal to 1'),
    ],
    [
      'a list of structures',
      retry(
        { failureType: 'FAILED', numberOfRetries: 1 },
        { numberOfRetries: 1, failureType: 'TIMED_OUT' },
        { failureType: 'ALL', numberOfRetries: 1 },
      ),
      clause(
        "'[RetryCriteria(failureType=FAILED, numberOfRetries=1), " +
          'RetryCriteria(failureType=TIMED_OUT, numberOfRetries=1), ' +
          "RetryCriteria(failureType=ALL, numberOfRetries=1)]'",
        'jobExecutionsRetryConfig.criteriaList',
        'have length less than or equal to 2',
      ),
    ],
    [
      'a missing member',
      abort({ ...criterion, action: undefined }),
      clause('null', 'abortConfig.criteriaList.1.member.action', 'not be null'),
    ],
    [
      'a long text whole',
      { description: 'x'.repeat(2029) },
      clause(`'${'x'.repeat(2029)}'`, 'description', 'have length less than or equal to 2028'),
    ],
    [
      'a pattern',
      { description: 'a\u0001b' },
      clause("'a\u0001b'", 'description', 'satisfy regular expression pattern: [^\\p{C}]+'),
    ],
    [
      'statuses of an abort',
      abort({ ...criterion, failureType: 'BAD' }),
      clause(
        "'BAD'",
        'abortConfig.criteriaList.1.member.failureType',
        'satisfy enum value set: [ALL, TIMED_OUT, FAILED, REJECTED]',
      ),
    ],
    [
      'statuses of a retry',
      retry({ failureType: 'REJECTED', numberOfRetries: 0 }),
      clause(
        "'REJECTED'",
        'jobExecutionsRetryConfig.criteriaList.1.member.failureType',
        'satisfy enum value set: [ALL, TIMED_OUT, FAILED]',
      ),
    ],
    [
      'more than 1000 a minute',
      { jobExecutionsRolloutConfig: { maximumPerMinute: 1001 } },
      clause(
        "'1001'",
        'jobExecutionsRolloutConfig.maximumPerMinute',
        'have value less than or equal to 1000',
      ),
    ],
  ])('jobs J124: %s', ([, body, message]) => {
    expect(update(body)).toBe(one + message)
  })

  it('jobs J124: a wrong length hides the pattern', () => {
    expect(read('iot', 'DescribeJob', { labels: { jobId: ' '.repeat(65) } })).toBe(
      one + clause(`'${' '.repeat(65)}'`, 'jobId', 'have length less than or equal to 64'),
    )
  })

  it('jobs J125: clauses stand in a fixed order, whatever that of the request', () => {
    const message = update({
      ...abort({
        thresholdPercentage: 101,
        action: 'BAD',
        failureType: 'BAD',
        minNumberOfExecutedThings: 0,
      }),
      ...retry({ failureType: 'BAD', numberOfRetries: 11 }),
      presignedUrlConfig: { expiresInSec: 59 },
      description: '\u0001',
      jobExecutionsRolloutConfig: { maximumPerMinute: 0 },
    })
    const paths = [...String(message).matchAll(/at '([^']+)'/g)].map(([, path]) => path)
    expect(paths).toEqual([
      'jobExecutionsRolloutConfig.maximumPerMinute',
      'description',
      'presignedUrlConfig.expiresInSec',
      'jobExecutionsRetryConfig.criteriaList.1.member.numberOfRetries',
      'jobExecutionsRetryConfig.criteriaList.1.member.failureType',
      'abortConfig.criteriaList.1.member.minNumberOfExecutedThings',
      'abortConfig.criteriaList.1.member.failureType',
      'abortConfig.criteriaList.1.member.action',
      'abortConfig.criteriaList.1.member.thresholdPercentage',
    ])
  })

  it('gateway G133: certificates and event configurations leave the value out', () => {
    expect(read('iot', 'ListCertificates', { query: { pageSize: 251 } })).toBe(
      `${one}Value at 'pageSize' failed to satisfy constraint: Member must have value less than or equal to 250`,
    )
    expect(read('iot', 'ListCertificates', { query: { pageSize: 'x' } })).toBe(
      'InvalidRequestException: The request is not valid.',
    )
    const eventConfigurations = { BAD: { Enabled: true } }
    expect(read('iot', 'UpdateEventConfigurations', { body: { eventConfigurations } })).toContain(
      "Value at 'eventConfigurations",
    )
  })

  it('gateway G133: a number in the path that is none cannot be read', () => {
    const labels = { thingName: 'T', jobId: 'J', executionNumber: 'x' }
    expect(read('iot', 'DeleteJobExecution', { labels })).toMatch(/^SerializationException/)
  })
})

describe('outputs', () => {
  const write = (name: string, output: object): string => {
    const operation = operationsOf('iot').find((candidate) => candidate.name === name)
    if (operation === undefined) throw new Error(name)
    return String(protocol.codec(operation).writeOutput(output, 'id').body)
  }

  it('jobs J126: doubles are written with their point', () => {
    const exponentialRate = { baseRatePerMinute: 5, incrementFactor: 2 }
    const job = { jobExecutionsRolloutConfig: { maximumPerMinute: 20, exponentialRate } }
    expect(write('DescribeJob', { job })).toContain(
      '{"maximumPerMinute":20,"exponentialRate":{"baseRatePerMinute":5,"incrementFactor":2.0}}',
    )
  })

  it('jobs J122: null is written, undefined is absent', () => {
    const output = { jobTemplateId: 't', abortConfig: null, documentSource: undefined }
    expect(write('DescribeJobTemplate', output)).toBe('{"jobTemplateId":"t","abortConfig":null}')
  })

  it('jobs J122: an operation without output has an empty body', () => {
    expect(write('DeleteJobTemplate', {})).toBe('')
    expect(write('UpdateJob', {})).toBe('')
  })
})
