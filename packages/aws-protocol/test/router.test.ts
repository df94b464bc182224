import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AwsProtocol } from '../src/protocol.ts'
import { parseQuery } from '../src/percent.ts'
import { Router } from '../src/router.ts'
import { operationsOf, type OperationSchema } from '../src/sdk-schemas.ts'
import type { AwsService } from '../src/service.ts'

const protocol = new AwsProtocol()
const noQuery = new Map<string, readonly string[]>()

/** `Operation label=value …`, or the kind of mismatch. */
function routed(service: AwsService, method: string, path: string): string {
  const match = protocol.match(service, method, path, noQuery)
  if (match.kind === 'wrong-method') return `not ${method} but ${match.allow.join()}`
  if (match.kind === 'none') return 'none'
  const labels = Object.entries(match.labels).map(([name, value]) => ` ${name}=${value}`)
  return match.operation.name + labels.join('')
}

describe('routes', () => {
  it.for([
    ['gateway G113', 'iot', 'POST', '/things', 'RegisterThing'],
    ['gateway G68', 'iot', 'POST', '/things/T', 'CreateThing thingName=T'],
    ['gateway G68', 'iot', 'GET', '/things', 'ListThings'],
    ['gateway G76', 'iot', 'PUT', '/thing-groups/addThingToThingGroup', 'AddThingToThingGroup'],
    ['gateway G76', 'iot', 'PATCH', '/thing-groups/G', 'UpdateThingGroup thingGroupName=G'],
    ['gateway G84', 'iot', 'POST', '/target-policies/P', 'DetachPolicy policyName=P'],
    [
      'gateway G84',
      'iot',
      'POST',
      '/attached-policies/arn%3Aaws%3Aiot%3Ar%3A1%3Acert%2Fabc',
      'ListAttachedPolicies target=arn:aws:iot:r:1:cert/abc',
    ],
    ['jobs J46', 'iot', 'GET', '/things/T/jobs', 'ListJobExecutionsForThing thingName=T'],
    ['jobs J46', 'iot-jobs-data', 'GET', '/things/T/jobs', 'GetPendingJobExecutions thingName=T'],
    [
      'jobs J45',
      'iot-jobs-data',
      'GET',
      '/things/a%3Ab/jobs/%24next',
      'DescribeJobExecution thingName=a:b jobId=$next',
    ],
    [
      'jobs J45',
      'iot-jobs-data',
      'PUT',
      '/things/T/jobs/$next',
      'StartNextPendingJobExecution thingName=T',
    ],
    [
      'jobs J45',
      'iot-jobs-data',
      'PUT',
      '/things/T/jobs/%24next',
      'StartNextPendingJobExecution thingName=T',
    ],
    [
      'jobs J45',
      'iot-jobs-data',
      'POST',
      '/things/T/jobs/J',
      'UpdateJobExecution thingName=T jobId=J',
    ],
    ['gateway G59', 'iotdata', 'POST', '/topics/a%2Fb', 'Publish topic=a/b'],
    ['gateway G59', 'iotdata', 'POST', '/topics/a/b', 'Publish topic=a/b'],
    ['gateway G59', 'iotdata', 'POST', '/topics/a%252Fb', 'Publish topic=a%2Fb'],
    ['gateway G63', 'iotdata', 'GET', '/retainedMessage', 'ListRetainedMessages'],
    ['gateway G63', 'iotdata', 'GET', '/retainedMessage/a/b', 'GetRetainedMessage topic=a/b'],
    [
      'gateway A17',
      'iotdata',
      'GET',
      '/connections/x%2Fsubscriptions',
      'GetConnection clientId=x/subscriptions',
    ],
    [
      'gateway A17',
      'iotdata',
      'GET',
      '/connections/x/subscriptions',
      'ListSubscriptions clientId=x',
    ],
    ['gateway G130', 'iotdata', 'GET', '/topics/a', 'not GET but POST'],
    ['gateway G130', 'iot', 'GET', '/nowhere', 'none'],
    ['gateway G130', 'iot', 'GET', '/things/', 'none'],
    ['gateway G130', 'iot', 'GET', '//things', 'none'],
    ['gateway G130', 'iot', 'GET', '/authorizers', 'ListAuthorizers'],
    ['gateway G130', 'iot', 'GET', '/authorizers/', 'ListAuthorizers'],
    ['gateway G130', 'iot', 'GET', '/authorizers//', 'none'],
    ['gateway G130', 'iot', 'GET', '/certificate-providers/', 'ListCertificateProviders'],
    [
      'gateway G130',
      'iot',
      'GET',
      '/certificate-providers/P',
      'DescribeCertificateProvider certificateProviderName=P',
    ],
    ['gateway G130', 'iot', 'GET', '/policies/', 'none'],
    ['gateway G130', 'iot', 'GET', '/things/%zz', 'none'],
  ] as const)('%s: %s %s %s', ([, service, method, path, expected]) => {
    expect(routed(service, method, path)).toBe(expected)
  })
})

it('design 2: every operation is found by its own method and URI', () => {
  for (const service of ['iot', 'iotdata', 'iot-jobs-data'] as const) {
    for (const { name, method, uri } of operationsOf(service)) {
      const path = uri.replace(/\{[^}]+\}/g, 'x')
      expect(routed(service, method, path).split(' ')[0]).toBe(name)
    }
  }
})

it('a literal wins over a label, a label over a greedy one, and a dead end is left again', () => {
  const operation = (name: string, uri: string): OperationSchema =>
    ({ name, uri, method: 'GET', service: 'iot' }) as unknown as OperationSchema
  const router = new Router([
    operation('Greedy', '/a/{rest+}'),
    operation('Label', '/a/{x}/c'),
    operation('Literal', '/a/b/d'),
    operation('Query', '/q?list'),
    operation('NoQuery', '/q'),
  ])
  const named = (path: string, query = noQuery): string => {
    const match = router.match('GET', path, query)
    return match.kind === 'operation' ? match.operation.name : match.kind
  }
  expect(named('/a/b/d')).toBe('Literal')
  expect(named('/a/b/c')).toBe('Label')
  expect(named('/a/b/e/f')).toBe('Greedy')
  expect(named('/q')).toBe('NoQuery')
  expect(named('/q', new Map([['list', ['']]]))).toBe('Query')
})

it('the router never throws, whatever the path', () => {
  const piece = fc.constantFrom('/', '%', '%2F', '%zz', '..', 'things', 'jobs', '$next', '\0', 'é')
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'BREW'),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((all) => all.join('')),
      ),
      fc.string(),
      (method, path, query) => {
        for (const service of ['iot', 'iotdata', 'iot-jobs-data'] as const) {
          protocol.match(service, method, path, parseQuery(query) ?? noQuery)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
