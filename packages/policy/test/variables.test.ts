/**
 * Policy variables and context keys: when each exists, and what it is.
 */
import { describe, expect, it } from 'vitest'

import { bothAllow, cognitoIdentity } from '../src/decide/decider.ts'
import { connectionThing, type PolicyContext } from '../src/decide/policy-context.ts'
import { bindEvaluator } from '../src/decide/evaluator.ts'
import { decideVectors } from '../src/vectors/decide-vectors.ts'
import { account, arn, evaluator, mqtt, named } from './statement.ts'

const allow = (resource: string, condition?: object): object => ({
  Effect: 'Allow',
  Action: 'iot:Publish',
  Resource: resource === '*' ? '*' : arn(`topic/${resource}`),
  ...(condition === undefined ? {} : { Condition: condition }),
})

function publishes(statement: object, context: Partial<PolicyContext>, topic: string): boolean {
  return evaluator(statement, context).decide('iot:Publish', arn(`topic/${topic}`)) === 'allow'
}

const thing = { thingName: 't1', thingTypeName: 'pump', attributes: { Site: 'north', '': '' } }

describe('connection and thing', () => {
  it('authz F1: a variable may stand where the type of the resource does', () => {
    const statements = [
      allow('*'),
      { ...allow('*'), Effect: 'Deny', Resource: arn('${iot:ClientId}/secret') },
    ]
    const publish = (clientId: string, topic: string): string =>
      evaluator(statements, { clientId }).decideTopic('iot:Publish', topic)
    expect(publish('topic', 'secret')).toBe('explicitDeny')
    expect(publish('topic', 'open')).toBe('allow')
    expect(publish('other', 'secret')).toBe('allow')
  })

  it('authz F2: iot:ClientId exists over MQTT only', () => {
    const statement = allow('${iot:ClientId}')
    expect(publishes(statement, { clientId: 'c' }, 'c')).toBe(true)
    expect(publishes(statement, { clientId: 'c', protocol: 'https' }, 'c')).toBe(false)
  })

  it('authz F4, X19: thing variables over MQTT, attribute names in any case', () => {
    const all =
      '${iot:Connection.Thing.ThingName}/${iot:Connection.Thing.ThingTypeName}/${iot:connection.thing.attributes[site]}'
    expect(publishes(allow(all), { thing }, 't1/pump/north')).toBe(true)
    expect(publishes(allow(all), { thing, protocol: 'https' }, 't1/pump/north')).toBe(false)
    expect(publishes(allow(all), {}, 't1/pump/north')).toBe(false)
  })

  it('authz F5, X11: IsAttached is false without a matching thing, absent over HTTPS', () => {
    const condition = { Bool: { 'iot:Connection.Thing.IsAttached': 'false' } }
    expect(publishes(allow('*', condition), {}, 'a')).toBe(true)
    expect(publishes(allow('*', condition), { thing }, 'a')).toBe(false)
    expect(publishes(allow('*', condition), { protocol: 'https' }, 'a')).toBe(false)
  })

  it('authz F5, F6: the thing is an exclusive one, else the one named as the client ID', () => {
    const t1 = { thingName: 't1', exclusive: false }
    const t2 = { thingName: 't2', exclusive: true }
    expect(connectionThing([t1], 't1')).toBe(t1)
    expect(connectionThing([t1], 'x')).toBeUndefined()
    expect(connectionThing([t2], 'x')).toBe(t2)
    expect(connectionThing([], 't1')).toBeUndefined()
  })

  it('authz F14, F15: connect attributes and the will topic', () => {
    const will = { ArnEquals: { 'iot:LastWillTopic': arn('topic/w/*') } }
    expect(publishes(allow('*', will), { lastWillTopic: 'w/1' }, 'a')).toBe(true)
    expect(publishes(allow('*', will), { lastWillTopic: 'v' }, 'a')).toBe(false)
    expect(publishes(allow('*', will), {}, 'a')).toBe(false)
    const some = { Null: { 'iot:ConnectAttributes': 'true' } }
    expect(publishes(allow('*', some), { connectAttributes: [] }, 'a')).toBe(true)
    expect(publishes(allow('*', some), { connectAttributes: ['LastWill'] }, 'a')).toBe(false)
  })

  it('authz F3: source address and server name', () => {
    expect(
      publishes(
        allow('${aws:SourceIp}/${iot:DomainName}'),
        { sourceIp: '192.0.2.1', domainName: 'd' },
        '192.0.2.1/d',
      ),
    ).toBe(true)
    expect(publishes(allow('${aws:SourceIp}'), {}, '192.0.2.1')).toBe(false)
  })

  it('authz F16, X31: IAM policies have the client ID but no thing variables', () => {
    const publish = (resource: string): string =>
      evaluator(allow(resource), { thing }, 'iam').decide('iot:Publish', arn('topic/t1'))
    expect(publish('${iot:ClientId}')).toBe('allow')
    expect(publish('${iot:Connection.Thing.ThingName}')).toBe('implicitDeny')
  })
})

describe('substitution', () => {
  it('authz F13, X8: values are literal text, never wildcards or levels', () => {
    expect(publishes(allow('a/${iot:ClientId}'), { clientId: '*' }, 'a/b')).toBe(false)
    expect(publishes(allow('a/${iot:ClientId}'), { clientId: '*' }, 'a/*')).toBe(true)
    expect(publishes(allow('a/${iot:ClientId}/b'), { clientId: '+' }, 'a/+/b')).toBe(true)
    expect(publishes(allow('${iot:ClientId}?'), { clientId: '?' }, '??')).toBe(true)
    expect(publishes(allow('${iot:ClientId}?'), { clientId: '?' }, 'a?')).toBe(false)
  })

  it('authz E11, X10: an undefined variable makes its entry match nothing, the others still work', () => {
    const statement = { ...allow('a'), Resource: [arn('topic/${iot:Nope}'), arn('topic/a')] }
    expect(publishes(statement, {}, 'a')).toBe(true)
    expect(publishes(statement, {}, '${iot:Nope}')).toBe(false)
    expect(publishes(allow('a/${'), {}, 'a/${')).toBe(false)
  })

  it('authz E12, X20: an undefined variable in NotResource excludes nothing', () => {
    const statement = {
      Effect: 'Allow',
      Action: 'iot:Publish',
      NotResource: [arn('topic/${iot:Nope}'), arn('topic/closed')],
    }
    expect(publishes(statement, {}, 'open')).toBe(true)
    expect(publishes(statement, {}, 'closed')).toBe(false)
  })

  it('authz E13: escaped wildcards are literal', () => {
    expect(publishes(allow('a${*}${?}${$}{x}'), {}, 'a*?${x}')).toBe(true)
    expect(publishes(allow('a${*}'), {}, 'ab')).toBe(false)
    expect(publishes(allow('a$(*)'), {}, 'a$(anything)')).toBe(true)
  })

  it('authz F1: variables work only after the fifth colon', () => {
    const statement = { ...allow('a'), Resource: 'arn:aws:iot:${aws:region}:123456789012:topic/a' }
    expect(publishes(statement, { keys: { 'aws:region': 'us-east-1' } }, 'a')).toBe(false)
  })

  it('authz X25: in older documents variables are literal text', () => {
    const old = (version: string): string =>
      bindEvaluator([named(allow('${iot:ClientId}'), { version })], mqtt(), account).decide(
        'iot:Publish',
        arn('topic/${iot:ClientId}'),
      )
    expect(old('2008-10-17')).toBe('allow')
    expect(old('2012-10-17')).toBe('implicitDeny')
  })

  it('a default value stands in for a missing key only', () => {
    const statement = allow("${iot:Connection.Thing.ThingTypeName, 'any type'}")
    expect(publishes(statement, {}, 'any type')).toBe(true)
    expect(publishes(statement, { thing }, 'any type')).toBe(false)
    expect(publishes(statement, { thing }, 'pump')).toBe(true)
  })
})

describe('certificate keys', () => {
  const certificate = {
    certificateId: 'c0',
    attributes: () => ({
      serialNumber: '0a1b',
      subject: {
        CommonName: ['first', 'second', 'thi*rd', 'O=x', 'fifth', 'sixth'],
        Organization: ['Amazon.com, Inc'],
        State: ['x'.repeat(1025)],
      },
      issuer: { commonName: ['root'] },
      subjectAlternativeName: { DNSName: ['a.example', 'b.example'] },
      issuerAlternativeName: { RFC822Name: ['ca@example'] },
    }),
  }
  const value = (name: string): string | undefined => {
    const bound = evaluator(allow('${' + name + '}'), { certificate })
    const variable = bound.explain('iot:Publish', arn('topic/a')).variables[0]?.value
    return typeof variable === 'string' ? variable : variable?.join('|')
  }

  it.for([
    ['authz F8', 'iot:CertificateId', 'c0'],
    ['authz F10: no index is the first', 'iot:Certificate.Subject.CommonName', 'first'],
    ['authz F10: .1 is the second', 'iot:Certificate.Subject.CommonName.1', 'second'],
    ['authz F11: wildcards are not substituted', 'iot:Certificate.Subject.CommonName.2', undefined],
    [
      'authz F12, X34: = carries a backslash',
      'iot:Certificate.Subject.CommonName.3',
      String.raw`O\=x`,
    ],
    ['authz F11: five values at most', 'iot:Certificate.Subject.CommonName.5', undefined],
    ['authz F10: past the end', 'iot:Certificate.Issuer.CommonName.1', undefined],
    ['authz F8: issuer, any spelling', 'iot:certificate.issuer.commonname', 'root'],
    ['authz F12: commas too', 'iot:Certificate.Subject.Organization', String.raw`Amazon.com\, Inc`],
    ['authz F11: over 1,024 characters', 'iot:Certificate.Subject.State', undefined],
    ['authz F9', 'iot:Certificate.Subject.AlternativeName.DNSName.1', 'b.example'],
    [
      'authz F9: list',
      'iot:Certificate.Subject.AlternativeName.DNSName.List',
      'a.example|b.example',
    ],
    ['authz F9: issuer', 'iot:Certificate.Issuer.AlternativeName.RFC822Name', 'ca@example'],
    ['authz F9: serial number', 'iot:Certificate.SerialNumber', '0a1b'],
    ['an attribute that is not there', 'iot:Certificate.Subject.Title', undefined],
    ['a suffix that means nothing', 'iot:Certificate.Subject.CommonName.first', undefined],
  ] as const)('%s', ([, name, expected]) => {
    expect(value(name)).toBe(expected)
  })

  it('authz F9: AvailableKeys lists what there is', () => {
    expect(value('iot:Certificate.AvailableKeys')).toBe(
      'iot:Certificate.Subject.AlternativeName.DNSName|iot:Certificate.Issuer.AlternativeName.RFC822Name|' +
        'iot:Certificate.Subject.CommonName|iot:Certificate.Subject.Organization|iot:Certificate.Subject.State|' +
        'iot:Certificate.Issuer.CommonName|iot:Certificate.SerialNumber',
    )
  })

  it('are absent without a certificate', () => {
    const bound = evaluator(allow('${iot:CertificateId}'))
    expect(bound.explain('iot:Publish', arn('topic/a')).variables[0]?.undefinedBecause).toBe(
      'the principal is no certificate',
    )
  })
})

describe('several sets of policies', () => {
  const publish = (effect: string): ReturnType<typeof evaluator> =>
    evaluator({ Effect: effect, Action: ['iot:Publish', 'iot:RetainPublish'], Resource: '*' })
  const none = bindEvaluator([], mqtt(), account)
  const topic = arn('topic/a')

  it('authz A6, A7: an authenticated Cognito identity needs role and policy for seven actions', () => {
    expect(cognitoIdentity(publish('Allow'), publish('Allow')).decide('iot:Publish', topic)).toBe(
      'allow',
    )
    expect(cognitoIdentity(publish('Allow'), none).decide('iot:Publish', topic)).toBe(
      'implicitDeny',
    )
    expect(cognitoIdentity(publish('Allow'), none).decide('iot:RetainPublish', topic)).toBe('allow')
    expect(cognitoIdentity(none, publish('Deny')).decideTopic('iot:Publish', 'a')).toBe(
      'explicitDeny',
    )
  })

  it('authz A5: an unauthenticated Cognito identity has its role alone', () => {
    const context = { principalType: 'cognitoUnauthenticated', clientId: 'c' }
    const requests = [{ action: 'iot:Publish', resource: topic }]
    const role = [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'iot:Publish', Resource: '*' }],
      },
    ]
    const vector = { id: 'v', policies: [], rolePolicies: role, context, requests }
    expect([...decideVectors([vector])]).toMatchObject([{ decision: 'allow' }])
  })

  it('authz A8: a custom authorizer connection has the documents that the authorizer returned', () => {
    const context = {
      principalType: 'customAuthorizer',
      clientId: 'c',
      thingName: 'c',
      thingAttached: false,
    }
    const documents = [
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/${iot:ClientId}') },
        ],
      },
    ]
    const requests = [
      { action: 'iot:Connect', resource: arn('client/c') },
      { action: 'iot:Publish', resource: topic },
    ]
    expect([...decideVectors([{ id: 'v', policies: documents, context, requests }])]).toMatchObject(
      [{ decision: 'allow' }, { decision: 'implicitDeny' }],
    )
  })

  it('session policies and identity policies must both allow', () => {
    expect(bothAllow(publish('Allow'), none).decide('iot:Publish', topic)).toBe('implicitDeny')
    expect(bothAllow(publish('Allow'), publish('Allow')).decideTopic('iot:Publish', 'a')).toBe(
      'allow',
    )
    expect(bothAllow(publish('Allow'), publish('Deny')).decide('iot:Publish', topic)).toBe(
      'explicitDeny',
    )
  })

  it('aws:CurrentTime is read at every decision', () => {
    let nowMs = Date.UTC(2026, 0, 1)
    const bound = evaluator(
      allow('*', { DateLessThan: { 'aws:CurrentTime': '2026-01-02T00:00:00Z' } }),
      {
        nowMs: () => nowMs,
      },
    )
    expect(bound.decideTopic('iot:Publish', 'a')).toBe('allow')
    nowMs += 86_400_000
    expect(bound.decideTopic('iot:Publish', 'a')).toBe('implicitDeny')
  })
})
