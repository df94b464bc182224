/** The life cycle of policies and their attachments. */
import { describe, expect, it } from 'vitest'
import { arn, code, newCertificate, ok, openTestRegistry, said } from './open-test-registry.ts'

const DOCUMENT = '{"Version":"2012-10-17","Statement":[]}'
const COGNITO = 'us-east-1:11111111-2222-3333-4444-555555555555'

describe('versions', () => {
  it('authz C1: version 1 is the default; a used name is 409; bad names and documents are 400', () => {
    const { registry } = openTestRegistry()
    const input = { policyName: 'P', policyDocument: DOCUMENT }
    expect(ok(registry.createPolicy(input, 1000))).toEqual({
      policyName: 'P',
      policyArn: arn('policy/P'),
      policyDocument: DOCUMENT,
      policyVersionId: '1',
    })
    expect(code(registry.createPolicy(input, 0))).toBe('ResourceAlreadyExistsException')
    expect(code(registry.createPolicy({ ...input, policyName: 'a/b' }, 0))).toBe(
      'InvalidRequestException',
    )
    expect(code(registry.createPolicy({ policyName: 'Q', policyDocument: '' }, 0))).toBe(
      'MalformedPolicyException',
    )
    expect(code(registry.createPolicy({ ...input, policyName: 'aZ0_+=,.@-' }, 0))).toBe('ok')
    expect(ok(registry.getPolicy({ policyName: 'P' }, 0))).toEqual({
      policyName: 'P',
      policyArn: arn('policy/P'),
      policyDocument: DOCUMENT,
      defaultVersionId: '1',
      creationDate: new Date(1000),
      lastModifiedDate: new Date(1000),
      generationId: 'id-1',
    })
  })

  it('authz C2, C3: five versions at most; default only when asked or set; ids are never reused', () => {
    const { registry } = openTestRegistry()
    ok(registry.createPolicy({ policyName: 'P', policyDocument: '{1}' }, 0))
    const create = (policyDocument: string, setAsDefault?: boolean): unknown =>
      registry.createPolicyVersion({ policyName: 'P', policyDocument, setAsDefault }, 0)
    expect(create('{2}')).toMatchObject({
      value: { policyVersionId: '2', isDefaultVersion: false },
    })
    expect(registry.defaultPolicyDocument('P')).toBe('{1}')
    expect(create('{3}', true)).toMatchObject({ value: { isDefaultVersion: true } })
    expect(registry.defaultPolicyDocument('P')).toBe('{3}')
    ok(registry.setDefaultPolicyVersion({ policyName: 'P', policyVersionId: '2' }, 0))
    expect(registry.defaultPolicyDocument('P')).toBe('{2}')
    create('{4}')
    create('{5}')
    expect(create('{6}')).toMatchObject({ error: { code: 'VersionsLimitExceededException' } })
    ok(registry.deletePolicyVersion({ policyName: 'P', policyVersionId: '5' }, 0))
    expect(create('{6}')).toMatchObject({ value: { policyVersionId: '6' } })
    const versions = ok(registry.listPolicyVersions({ policyName: 'P' }, 0)).policyVersions
    expect(versions?.map(({ versionId }) => versionId)).toEqual(['6', '4', '3', '2', '1'])
    expect(versions?.filter((version) => version.isDefaultVersion)).toHaveLength(1)
    const get = registry.getPolicyVersion({ policyName: 'P', policyVersionId: '3' }, 0)
    expect(ok(get)).toMatchObject({ policyDocument: '{3}', isDefaultVersion: false })
    const absent = { policyName: 'P', policyVersionId: '5' }
    expect(code(registry.getPolicyVersion(absent, 0))).toBe('ResourceNotFoundException')
    expect(code(registry.setDefaultPolicyVersion(absent, 0))).toBe('ResourceNotFoundException')
    expect(code(registry.deletePolicyVersion(absent, 0))).toBe('ResourceNotFoundException')
  })

  it('authz C4, C5: deletion conflicts with other versions, targets and the default version', () => {
    const { registry, changes } = openTestRegistry()
    const policyName = 'P'
    ok(registry.createPolicy({ policyName, policyDocument: DOCUMENT }, 0))
    ok(registry.createPolicyVersion({ policyName, policyDocument: DOCUMENT }, 0))
    expect(code(registry.deletePolicyVersion({ policyName, policyVersionId: '1' }, 0))).toBe(
      'DeleteConflictException',
    )
    expect(code(registry.deletePolicy({ policyName }, 0))).toBe('DeleteConflictException')
    ok(registry.deletePolicyVersion({ policyName, policyVersionId: '2' }, 0))
    ok(registry.attachPolicy({ policyName, target: COGNITO }, 0))
    expect(code(registry.deletePolicy({ policyName }, 0))).toBe('DeleteConflictException')
    ok(registry.detachPolicy({ policyName, target: COGNITO }, 0))
    changes.length = 0
    expect(code(registry.deletePolicy({ policyName }, 0))).toBe('ok')
    expect(changes).toEqual([{ kind: 'policy', policyName, documentBefore: DOCUMENT }])
    expect(code(registry.deletePolicy({ policyName }, 0))).toBe('ResourceNotFoundException')
  })
})

describe('attachments', () => {
  const withPolicies = (count: number): ReturnType<typeof openTestRegistry> => {
    const opened = openTestRegistry()
    for (let number = 1; number <= count; number += 1) {
      ok(opened.registry.createPolicy({ policyName: `P${number}`, policyDocument: DOCUMENT }, 0))
    }
    return opened
  }

  it('gateway G84, authz X22: attaching again succeeds and tells nobody', () => {
    const { registry, changes } = withPolicies(1)
    const target = newCertificate(registry)
    changes.length = 0
    ok(registry.attachPolicy({ policyName: 'P1', target }, 0))
    ok(registry.attachPolicy({ policyName: 'P1', target }, 0))
    expect(changes).toEqual([
      { kind: 'policyAttachment', policyName: 'P1', target, attached: true },
    ])
    expect(registry.policiesOfTarget(target)).toEqual(['P1'])
    ok(registry.detachPolicy({ policyName: 'P1', target }, 0))
    ok(registry.detachPolicy({ policyName: 'P1', target }, 0))
    expect(registry.policiesOfTarget(target)).toEqual([])
  })

  it('authz C4, C5: other versions are in the way before attachments are; the default stays', () => {
    const { registry } = withPolicies(1)
    const target = newCertificate(registry)
    ok(registry.createPolicyVersion({ policyName: 'P1', policyDocument: '{}' }, 0))
    ok(registry.attachPolicy({ policyName: 'P1', target }, 0))
    const remove = (): string => said(registry.deletePolicy({ policyName: 'P1' }, 0))
    const removeVersion = (policyVersionId: string): string =>
      said(registry.deletePolicyVersion({ policyName: 'P1', policyVersionId }, 0))
    expect(remove()).toBe(
      'DeleteConflictException: The policy cannot be deleted as versions other than than ' +
        'default version exist (name=P1)',
    )
    expect(removeVersion('1')).toBe(
      'DeleteConflictException: Cannot delete a default policy version (name=P1, versionId=1)',
    )
    expect(removeVersion('2')).toBe('ok')
    expect(remove()).toBe(
      'DeleteConflictException: The policy cannot be deleted as the policy is attached to one ' +
        'or more principals (name=P1)',
    )
    ok(registry.detachPolicy({ policyName: 'P1', target }, 0))
    expect(remove()).toBe('ok')
  })

  it('authz C6: absent policies and targets are 404; detaching an absent policy succeeds', () => {
    const { registry } = withPolicies(1)
    const certificate = newCertificate(registry)
    const attach = (policyName: string, target: string): string =>
      said(registry.attachPolicy({ policyName, target }, 0))
    const detach = (policyName: string, target: string): string =>
      said(registry.detachPolicy({ policyName, target }, 0))
    const noCertificate =
      'ResourceNotFoundException: The certificate given in the principal does not exist.'
    const noGroup =
      'ResourceNotFoundException: Cannot find requested thing group for accountId: 123456789012 ' +
      'and thing group name: G'
    const absent = arn(`cert/${'f'.repeat(64)}`)
    expect(attach('X', COGNITO)).toBe('ResourceNotFoundException: Policy not found')
    expect(attach('P1', absent)).toBe(noCertificate)
    expect(attach('P1', arn('thinggroup/G'))).toBe(noGroup)
    expect(detach('X', certificate)).toBe('ok')
    expect(detach('X', absent)).toBe('ok')
    expect(detach('P1', certificate)).toBe('ok')
    expect(detach('P1', absent)).toBe(noCertificate)
    expect(detach('P1', arn('thinggroup/G'))).toBe(noGroup)
    expect(detach('X', 'nonsense')).toBe('InvalidRequestException: Invalid Target')
  })

  it('authz C6, C9: what is no target, and what is no principal', () => {
    const { registry } = withPolicies(1)
    const certificate = newCertificate(registry)
    const id = certificate.split('/')[1] ?? ''
    ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
    const crossAccount =
      'AccessDeniedException: Cross account not allowed. ' +
      'Please check the account of the resource specified.'
    const abroad = `arn:aws:iot:eu-central-1:123456789012:cert/${id}`
    const foreign = `arn:aws:iot:us-east-1:210987654321:cert/${id}`
    const noCert = 'InvalidRequestException: The given ARN does not represent a cert'
    const noPrincipal = 'InvalidRequestException: Invalid principal type'
    for (const [target, asTarget, asPrincipal] of [
      [certificate, 'ok', 'ok'],
      [COGNITO, 'ok', 'ok'],
      [arn('thinggroup/G'), 'ok', noCert],
      [abroad, 'InvalidRequestException: Invalid Target', 'ok'],
      [foreign, crossAccount, crossAccount],
      [arn('thing/T'), `InvalidRequestException: Invalid Target: ${arn('thing/T')}`, noCert],
      ['nonsense', 'InvalidRequestException: Invalid Target', noPrincipal],
      ['us-east-1:no-uuid', 'InvalidRequestException: Invalid Target', noPrincipal],
      [
        'arn:aws:iot:cert/none',
        'InvalidRequestException: Invalid Target',
        'InvalidRequestException: ARN not in proper syntax.',
      ],
    ] as const) {
      const named = registry.attachPolicy({ policyName: 'P1', target }, 0)
      expect([target, said(named)]).toEqual([target, asTarget])
      const older = registry.attachPrincipalPolicy({ policyName: 'P1', principal: target }, 0)
      expect([target, said(older)]).toEqual([target, asPrincipal])
    }
  })

  it('authz A10: things, dynamic groups and strangers take no policies', () => {
    const { registry } = withPolicies(1)
    ok(registry.createThing({ thingName: 'T' }, 0))
    const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
    ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
    ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*' }, 0))
    for (const target of [arn('thing/T'), arn('thinggroup/D'), 'arn:aws:iam::1:user/u', 'x']) {
      expect(code(registry.attachPolicy({ policyName: 'P1', target }, 0)), target).toBe(
        'InvalidRequestException',
      )
    }
  })

  it('authz C7: ten policies per principal, two per group', () => {
    const { registry } = withPolicies(11)
    const certificate = newCertificate(registry)
    ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
    const attach = (number: number, target: string): string =>
      code(registry.attachPolicy({ policyName: `P${number}`, target }, 0))
    for (let number = 1; number <= 10; number += 1) {
      expect(attach(number, certificate)).toBe('ok')
      expect(attach(number, COGNITO)).toBe('ok')
    }
    expect(attach(11, certificate)).toBe('LimitExceededException')
    expect(attach(11, COGNITO)).toBe('LimitExceededException')
    expect(attach(10, certificate)).toBe('ok')
    expect(attach(1, arn('thinggroup/G'))).toBe('ok')
    expect(attach(2, arn('thinggroup/G'))).toBe('ok')
    expect(attach(3, arn('thinggroup/G'))).toBe('LimitExceededException')
  })

  it('authz C8: lists attached policies, inherited ones when recursive, and targets', () => {
    const { registry } = withPolicies(3)
    ok(registry.createThingGroup({ thingGroupName: 'A' }, 0))
    ok(registry.createThingGroup({ thingGroupName: 'B', parentGroupName: 'A' }, 0))
    const [a, b] = [arn('thinggroup/A'), arn('thinggroup/B')]
    ok(registry.attachPolicy({ policyName: 'P1', target: a }, 0))
    ok(registry.attachPolicy({ policyName: 'P2', target: b }, 0))
    ok(registry.attachPolicy({ policyName: 'P2', target: COGNITO }, 0))
    const list = (input: { recursive?: boolean; pageSize?: number; marker?: string }): unknown =>
      registry.listAttachedPolicies({ target: b, ...input }, 0)
    expect(list({})).toEqual({
      ok: true,
      value: { policies: [{ policyName: 'P2', policyArn: arn('policy/P2') }] },
    })
    expect(list({ recursive: true })).toMatchObject({
      value: { policies: [{ policyName: 'P1' }, { policyName: 'P2' }] },
    })
    const targets = registry.listTargetsForPolicy({ policyName: 'P2' }, 0)
    expect(ok(targets)).toEqual({ targets: [b, COGNITO] })
    expect(code(registry.listTargetsForPolicy({ policyName: 'X' }, 0))).toBe(
      'ResourceNotFoundException',
    )
    expect(list({ pageSize: 251 })).toMatchObject({ error: { code: 'InvalidRequestException' } })
    expect(list({ marker: 'x' })).toMatchObject({ error: { code: 'InvalidRequestException' } })
  })

  it('authz C9: the deprecated principal-policy family', () => {
    const { registry } = withPolicies(2)
    const principal = newCertificate(registry)
    ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
    ok(registry.attachPolicy({ policyName: 'P1', target: arn('thinggroup/G') }, 0))
    for (const policyName of ['P1', 'P2']) {
      ok(registry.attachPrincipalPolicy({ policyName, principal }, 0))
    }
    const policies = (ascendingOrder?: boolean): unknown =>
      ok(registry.listPrincipalPolicies({ principal, ascendingOrder }, 0)).policies?.map(
        ({ policyName }) => policyName,
      )
    expect(policies()).toEqual(['P1', 'P2'])
    expect(policies(false)).toEqual(['P2', 'P1'])
    expect(ok(registry.listPolicyPrincipals({ policyName: 'P1' }, 0)).principals).toEqual([
      principal,
    ])
    const group = { policyName: 'P1', principal: arn('thinggroup/G') }
    expect(code(registry.attachPrincipalPolicy(group, 0))).toBe('InvalidRequestException')
    ok(registry.detachPrincipalPolicy({ policyName: 'P1', principal }, 0))
    expect(policies()).toEqual(['P2'])
    expect(code(registry.detachPrincipalPolicy({ policyName: 'X', principal }, 0))).toBe(
      'ResourceNotFoundException',
    )
  })

  it('gateway G82: ListPolicies by age, newest first unless ascending, by markers', () => {
    const { registry } = openTestRegistry()
    for (const [at, policyName] of ['C', 'A', 'B'].entries()) {
      ok(registry.createPolicy({ policyName, policyDocument: DOCUMENT }, at))
    }
    const walk = (ascendingOrder: boolean | undefined): string[] => {
      const names: string[] = []
      let marker: string | undefined
      do {
        const answer = ok(registry.listPolicies({ pageSize: 1, marker, ascendingOrder }, 0))
        names.push(...(answer.policies ?? []).map(({ policyName }) => policyName ?? ''))
        marker = answer.nextMarker
      } while (marker !== undefined)
      return names
    }
    expect(walk(undefined)).toEqual(['B', 'A', 'C'])
    expect(walk(true)).toEqual(['C', 'A', 'B'])
  })

  it('authz E2: deleting a group takes its policies off it', () => {
    const { registry, changes } = withPolicies(1)
    ok(registry.createThingGroup({ thingGroupName: 'G' }, 0))
    ok(registry.attachPolicy({ policyName: 'P1', target: arn('thinggroup/G') }, 0))
    changes.length = 0
    ok(registry.deleteThingGroup({ thingGroupName: 'G' }, 0))
    expect(changes.map(({ kind }) => kind)).toEqual(['policyAttachment', 'thingGroup'])
    expect(code(registry.deletePolicy({ policyName: 'P1' }, 0))).toBe('ok')
  })
})

it('gateway G84, G78: a dynamic group takes no policies, so its list is empty', () => {
  const { registry } = openTestRegistry()
  const thingIndexingConfiguration = { thingIndexingMode: 'REGISTRY' as const }
  ok(registry.updateIndexingConfiguration({ thingIndexingConfiguration }, 0))
  ok(registry.createDynamicThingGroup({ thingGroupName: 'D', queryString: '*' }, 0))
  ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, 0))
  const target = arn('thinggroup/D')
  expect(code(registry.attachPolicy({ policyName: 'P', target }, 0))).toBe(
    'InvalidRequestException',
  )
  for (const recursive of [false, true]) {
    expect(ok(registry.listAttachedPolicies({ target, recursive }, 0))).toEqual({ policies: [] })
  }
  const absent = registry.listAttachedPolicies({ target: arn('thinggroup/X') }, 0)
  expect(code(absent)).toBe('ResourceNotFoundException')
})
