/** What the pages of certificates, policies and onboarding say and do without a browser. */
import { describe, expect, it } from 'vitest'
import { arnAccount, arnName, arnResource, iotArn } from '../src/aws/arn.ts'
import { auditRows } from '../src/audit/audit-queries.ts'
import { mendingOf } from '../src/audit/mending.ts'
import { authorityChanges } from '../src/certificates/authority-changes.ts'
import { certificateChanges } from '../src/certificates/certificate-changes.ts'
import { shownPayload } from '../src/onboarding/claim-wire.ts'
import { recipes } from '../src/onboarding/ready-lines.ts'
import { bodyFault, parametersOf, starterBody } from '../src/onboarding/template-body.ts'
import { checkDocument, leastDevicePolicy, statementText } from '../src/policies/policy-document.ts'
import { shownTarget, typedTarget } from '../src/policies/policy-target.ts'
import { versionToDrop } from '../src/policies/save-version.ts'
import { diffInWords, diffOf, folded } from '../src/policies/text-diff.ts'
import { verdictOf } from '../src/policies/verdict.ts'

const account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' }
const id = 'ab'.repeat(32)

describe('ARNs', () => {
  it('tell account, type and name', () => {
    const arn = iotArn(account, `cert/${id}`)
    expect(arnAccount(arn)).toEqual(account)
    expect(arnName('cert', arn)).toBe(id)
    expect(arnName('thing', arn)).toBeUndefined()
    expect(arnResource(iotArn(account, 'topic/a:b'))).toBe('topic/a:b')
    expect(arnAccount('GET /things')).toBeUndefined()
  })
})

describe('policies', () => {
  it('are compared line by line', () => {
    const lines = diffOf('a\nb\nc', 'a\nx\nc\nd')
    expect(lines.map(({ kind, text }) => `${kind[0]}${text}`)).toEqual([
      'sa',
      'rb',
      'ax',
      'sc',
      'ad',
    ])
    expect(diffInWords(lines)).toBe('2 lines added, 1 removed')
    expect(diffInWords(diffOf('a', 'a'))).toBe('no difference')
    expect(diffInWords(diffOf('a\nb', 'a'))).toBe('1 line removed')
  })

  it('show a change with three lines around it, and fold the rest', () => {
    const text = Array.from({ length: 12 }, (_, index) => `line ${index}`)
    const lines = folded(diffOf(text.join('\n'), text.with(6, 'other').join('\n')))
    expect(lines.map((line) => (line.kind === 'folded' ? line.count : line.kind[0]))).toEqual([
      3,
      's',
      's',
      's',
      'r',
      'a',
      's',
      's',
      's',
      2,
    ])
  })

  it('begin with the least that a device needs, in which the audit finds nothing', () => {
    const checked = checkDocument(leastDevicePolicy(account))
    expect(checked).toMatchObject({ fault: undefined, findings: [], sizeMax: 2048 })
    expect(checked.size).toBeLessThan(2048)
  })

  it('point out a statement as it stands in the text', () => {
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny' }, { Effect: 'Allow' }] }
    const text = JSON.stringify(document, undefined, 2)
    expect(text).toContain(statementText(text, 1) ?? 'nothing')
    expect(statementText(text, 1)).toContain('Allow')
    const single = JSON.stringify({ Statement: { Effect: 'Deny' } }, undefined, 2)
    expect(single).toContain(statementText(single, 0) ?? 'nothing')
    expect(statementText(text, 2)).toBeUndefined()
    expect(statementText('{', 0)).toBeUndefined()
  })

  it('drop the oldest version that is not active for a sixth', () => {
    const version = (versionId: string, isDefaultVersion = false) => ({
      versionId,
      isDefaultVersion,
    })
    const five = [version('10'), version('9'), version('4'), version('3'), version('2', true)]
    expect(versionToDrop(five)).toBe('3')
    expect(versionToDrop(five.slice(1))).toBeUndefined()
  })

  it('are attached to what was typed', () => {
    const arn = iotArn(account, 'policy/p')
    expect(typedTarget('group', 'valves', arn)).toEqual({
      target: iotArn(account, 'thinggroup/valves'),
    })
    expect(typedTarget('certificate', id, arn)).toEqual({ target: iotArn(account, `cert/${id}`) })
    expect(typedTarget('thing', 'lamp', arn)).toEqual({ thingName: 'lamp' })
    expect(typedTarget('certificate', 'abc', arn)).toHaveProperty('fault')
    expect(typedTarget('identity', 'abc', arn)).toHaveProperty('fault')
    expect(shownTarget(iotArn(account, 'thinggroup/valves'))).toMatchObject({
      kind: 'Thing group',
      path: '/groups/valves',
    })
    expect(shownTarget('eu-west-1:11111111-2222-3333-4444-555555555555').kind).toBe(
      'Cognito identity',
    )
  })

  it('are tried: the verdict names the policies and what has no value', () => {
    const policies = [{ policyName: 'p' }]
    expect(verdictOf({ authDecision: 'ALLOWED', allowed: { policies } })).toEqual({
      type: 'success',
      header: 'Allowed',
      sentence: 'By policy p.',
    })
    const denied = verdictOf({
      authDecision: 'IMPLICIT_DENY',
      denied: { implicitDeny: { policies: [] } },
      missingContextValues: ['iot:ClientId'],
    })
    expect(denied.sentence).toBe('Asked were no policy. Without a value here: iot:ClientId.')
  })

  it('are audited with severities, and a broken one is told too', () => {
    const any = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }
    const [broad] = auditRows('p', JSON.stringify({ Version: '2012-10-17', Statement: [any] }))
    expect(broad).toMatchObject({ severity: 'Critical', statement: 0 })
    expect(mendingOf(broad?.code ?? '')).not.toBe('')
    expect(auditRows('p', '{}')).toMatchObject([{ code: 'MALFORMED', statement: undefined }])
  })
})

describe('certificates', () => {
  it('offer what their status allows, and say why not the rest', () => {
    const refusals = (status: Parameters<typeof certificateChanges>[0]) =>
      Object.fromEntries(certificateChanges(status).map((one) => [one.id, one.refusal]))
    expect(refusals('ACTIVE')).toMatchObject({
      activate: 'It is active.',
      deactivate: undefined,
      delete: 'Deactivate it first.',
    })
    expect(refusals('REVOKED')).toMatchObject({ activate: 'It is revoked.', delete: undefined })
    expect(refusals('PENDING_TRANSFER')).toMatchObject({ accept: undefined, cancel: undefined })
    expect(refusals('INACTIVE')).not.toHaveProperty('accept')
  })

  it('of authorities likewise', () => {
    const changes = authorityChanges({ status: 'ACTIVE', autoRegistrationStatus: 'DISABLE' })
    const possible = changes.filter(({ refusal }) => refusal === undefined).map((one) => one.id)
    expect(possible).toEqual(['deactivate', 'enable'])
  })
})

describe('onboarding', () => {
  it('shows no secret of what went over the wire', () => {
    const shown = shownPayload(
      JSON.stringify({
        privateKey: 'p',
        certificateOwnershipToken: 't',
        certificatePem: '-----BEGIN CERTIFICATE-----\nabc',
      }),
    )
    expect(JSON.parse(shown)).toEqual({
      privateKey: '(secret)',
      certificateOwnershipToken: '(secret)',
      certificatePem: '-----BEGIN CERTIFICATE-----…',
    })
    expect(shownPayload('not json')).toBe('not json')
  })

  it('asks for the parameters that a device gives', () => {
    expect(parametersOf(starterBody('p'))).toEqual([{ name: 'ThingName', byDefault: undefined }])
    const body = JSON.stringify({ Parameters: { Place: { Type: 'String', Default: 'here' } } })
    expect(parametersOf(body)).toEqual([{ name: 'Place', byDefault: 'here' }])
    expect(parametersOf('{')).toEqual([])
    expect(bodyFault('[]')).toBe('A template is a JSON object.')
    expect(bodyFault('{')).toBeDefined()
  })

  it('has lines for this server and for AWS, whose root is fetched', () => {
    const here = { host: 'localhost', mqttPort: 1, httpsPort: 2, caPem: 'x' }
    for (const { text } of recipes('lamp', here)) {
      expect(text).toContain('lamp.pem')
      expect(text).not.toContain('AmazonRootCA1')
    }
    const aws = { host: 'a.amazonaws.com', mqttPort: 8883, httpsPort: 8443, caPem: undefined }
    for (const { text } of recipes('a:b', aws)) {
      expect(text).toContain('AmazonRootCA1.pem')
      expect(text).toContain('a-b.pem')
    }
  })
})
