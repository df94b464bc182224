/** Certificates that the service signs, and the life of any certificate. */
import { createRsaKeyPair } from '@muster/pki'
import { describe, expect, it } from 'vitest'
import type { Registry } from '../src/index.ts'
import { idOf, newCsr, NOW_MS, openCertificateRegistry } from './open-certificate-registry.ts'
import { arn, code, ok } from './open-test-registry.ts'

describe('creating certificates', () => {
  it('gateway G86, G87: a request gives id, ARN and PEM, INACTIVE by default', () => {
    const { registry, changes } = openCertificateRegistry()
    const input = { certificateSigningRequest: newCsr() }
    const made = ok(registry.createCertificateFromCsr(input, NOW_MS))
    expect(made.certificateId).toBe(idOf(made.certificatePem ?? ''))
    expect(made.certificateArn).toBe(arn(`cert/${made.certificateId}`))
    expect(statusOf(registry, made.certificateId)).toBe('INACTIVE')
    expect(changes).toMatchObject([{ kind: 'certificate', certificateId: made.certificateId }])
  })

  it('gateway G87: the same request twice gives two ids', () => {
    const { registry } = openCertificateRegistry()
    const input = { certificateSigningRequest: newCsr(), setAsActive: true }
    const [one, two] = [0, 1].map(() => ok(registry.createCertificateFromCsr(input, NOW_MS)))
    expect(one?.certificateId).not.toBe(two?.certificateId)
    expect(statusOf(registry, two?.certificateId)).toBe('ACTIVE')
  })

  it('gateway G87: a bad request is InvalidRequestException', () => {
    const { registry } = openCertificateRegistry()
    const input = { certificateSigningRequest: 'no request' }
    expect(code(registry.createCertificateFromCsr(input, NOW_MS))).toBe('InvalidRequestException')
  })

  it('gateway G87: keys come back once and are kept nowhere', async () => {
    const { registry, records } = openCertificateRegistry()
    const keyPair = await createRsaKeyPair()
    const made = ok(registry.createKeysAndCertificate({ setAsActive: true }, keyPair, NOW_MS))
    expect(made.keyPair?.PrivateKey).toBe(keyPair.privateKeyPem)
    expect(made.keyPair?.PublicKey).toBe(keyPair.publicKeyPem)
    const kept = JSON.stringify([...records.kinds.values()].map((rows) => [...rows]))
    expect(kept).toContain('BEGIN CERTIFICATE')
    expect(kept).not.toContain('PRIVATE KEY')
  })

  it('gateway G93: DescribeCertificate tells everything', () => {
    const { registry } = openCertificateRegistry()
    const id = newCertificateId(registry)
    const { certificateDescription } = ok(
      registry.describeCertificate({ certificateId: id }, NOW_MS),
    )
    expect(certificateDescription).toMatchObject({
      certificateArn: arn(`cert/${id}`),
      certificateId: id,
      status: 'INACTIVE',
      ownedBy: '123456789012',
      creationDate: new Date(NOW_MS),
      lastModifiedDate: new Date(NOW_MS),
      customerVersion: 1,
      transferData: {},
      certificateMode: 'DEFAULT',
      validity: {
        notBefore: new Date(NOW_MS - 120_000),
        notAfter: new Date('2049-12-31T23:59:59Z'),
      },
    })
    expect(certificateDescription?.generationId).toMatch(/^[0-9a-f-]{36}$/)
    const upper = { certificateId: id.toUpperCase() }
    expect(code(registry.describeCertificate(upper, NOW_MS))).toBe('ok')
    const absent = { certificateId: 'f'.repeat(64) }
    expect(code(registry.describeCertificate(absent, NOW_MS))).toBe('ResourceNotFoundException')
  })
})

describe('UpdateCertificate', () => {
  // From, asked for, answer, status afterwards.
  const table: readonly (readonly [string, string, string, string])[] = [
    ['INACTIVE', 'ACTIVE', 'ok', 'ACTIVE'],
    ['ACTIVE', 'ACTIVE', 'ok', 'ACTIVE'],
    ['ACTIVE', 'INACTIVE', 'ok', 'INACTIVE'],
    ['ACTIVE', 'REVOKED', 'ok', 'REVOKED'],
    ['REVOKED', 'REVOKED', 'ok', 'REVOKED'],
    ['REVOKED', 'ACTIVE', 'CertificateStateException', 'REVOKED'],
    ['REVOKED', 'INACTIVE', 'CertificateStateException', 'REVOKED'],
    ['ACTIVE', 'PENDING_ACTIVATION', 'CertificateStateException', 'ACTIVE'],
    ['ACTIVE', 'PENDING_TRANSFER', 'CertificateStateException', 'ACTIVE'],
    ['ACTIVE', 'REGISTER_INACTIVE', 'InvalidRequestException', 'ACTIVE'],
  ]
  it.each(table)('gateway G92, A9, authz H3: %s to %s: %s', (from, to, answer, after) => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    ok(registry.updateCertificate({ certificateId, newStatus: from as 'ACTIVE' }, NOW_MS))
    const asked = registry.updateCertificate({ certificateId, newStatus: to as 'ACTIVE' }, NOW_MS)
    expect(code(asked)).toBe(answer)
    expect(statusOf(registry, certificateId)).toBe(after)
  })

  it('gateway G93: customerVersion grows with each change, and before and after are told', () => {
    const { registry, changes } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    ok(registry.updateCertificate({ certificateId, newStatus: 'ACTIVE' }, NOW_MS + 1))
    ok(registry.updateCertificate({ certificateId, newStatus: 'ACTIVE' }, NOW_MS + 2))
    expect(registry.certificate(certificateId)).toMatchObject({
      customerVersion: 2,
      modifiedAtMs: NOW_MS + 1,
    })
    expect(changes.at(-1)).toMatchObject({
      before: { status: 'INACTIVE' },
      after: { status: 'ACTIVE' },
    })
  })

  it('gateway A8: an absent certificate is 404', () => {
    const { registry } = openCertificateRegistry()
    const input = { certificateId: 'f'.repeat(64), newStatus: 'ACTIVE' } as const
    expect(code(registry.updateCertificate(input, NOW_MS))).toBe('ResourceNotFoundException')
    expect(code(registry.deleteCertificate(input, NOW_MS))).toBe('ResourceNotFoundException')
  })
})

describe('DeleteCertificate', () => {
  it('gateway G94 (probe 10): each wrong order is refused, the right one works', () => {
    const { registry, changes } = openCertificateRegistry()
    const certificateId = newCertificateId(registry, true)
    const principal = arn(`cert/${certificateId}`)
    ok(registry.createThing({ thingName: 'T' }, NOW_MS))
    ok(registry.attachThingPrincipal({ thingName: 'T', principal }, NOW_MS))
    ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, NOW_MS))
    ok(registry.attachPolicy({ policyName: 'P', target: principal }, NOW_MS))
    const remove = (forceDelete: boolean): string =>
      code(registry.deleteCertificate({ certificateId, forceDelete }, NOW_MS))
    expect([remove(false), remove(true)]).toEqual([
      'CertificateStateException',
      'CertificateStateException',
    ])
    expect(registry.deleteCertificate({ certificateId }, NOW_MS)).toMatchObject({
      error: {
        message: `Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
      },
    })
    ok(registry.updateCertificate({ certificateId, newStatus: 'INACTIVE' }, NOW_MS))
    expect([remove(false), remove(true)]).toEqual([
      'DeleteConflictException',
      'DeleteConflictException',
    ])
    ok(registry.detachThingPrincipal({ thingName: 'T', principal }, NOW_MS))
    expect(remove(false)).toBe('DeleteConflictException')
    changes.length = 0
    expect(remove(true)).toBe('ok')
    expect(changes).toMatchObject([
      { kind: 'policyAttachment', policyName: 'P', target: principal, attached: false },
      { kind: 'certificate', certificateId },
    ])
    expect(registry.certificate(certificateId)).toBeUndefined()
    expect(code(registry.deletePolicy({ policyName: 'P' }, NOW_MS))).toBe('ok')
  })
})

describe('lists of certificates', () => {
  it('gateway G82: pages by marker, newest first or oldest first, each certificate once', () => {
    const { registry } = openCertificateRegistry()
    const ids = Array.from({ length: 7 }, (_, index) => {
      const input = { certificateSigningRequest: newCsr() }
      return ok(registry.createCertificateFromCsr(input, NOW_MS + index)).certificateId ?? ''
    })
    expect(walk(registry, true)).toEqual(ids)
    expect(walk(registry, false)).toEqual(ids.toReversed())
  })

  it('gateway G82: markers have AWS’s alphabet; a bad one, or another list’s, is refused', () => {
    const { registry } = openCertificateRegistry()
    for (let index = 0; index < 3; index += 1) newCertificateId(registry)
    const { nextMarker = '' } = ok(registry.listCertificates({ pageSize: 1 }, NOW_MS))
    expect(nextMarker).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
    for (const input of [
      { marker: 'AAAA' },
      { marker: nextMarker, ascendingOrder: true },
      { pageSize: 0 },
      { pageSize: 251 },
    ]) {
      expect(code(registry.listCertificates(input, NOW_MS))).toBe('InvalidRequestException')
    }
    const other = registry.listCACertificates({ marker: nextMarker }, NOW_MS)
    expect(code(other)).toBe('InvalidRequestException')
  })
})

describe('transfer', () => {
  it('gateway G95: INACTIVE and bare becomes PENDING_TRANSFER, and INACTIVE when cancelled', () => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    const offered = registry.transferCertificate(
      { certificateId, targetAwsAccount: '210987654321', transferMessage: 'yours' },
      NOW_MS,
    )
    expect(ok(offered).transferredCertificateArn).toBe(arn(`cert/${certificateId}`))
    expect(statusOf(registry, certificateId)).toBe('PENDING_TRANSFER')
    expect(ok(registry.listOutgoingCertificates({}, NOW_MS)).outgoingCertificates).toMatchObject([
      { certificateId, transferredTo: '210987654321', transferMessage: 'yours' },
    ])
    for (const refused of [
      registry.updateCertificate({ certificateId, newStatus: 'ACTIVE' }, NOW_MS),
      registry.deleteCertificate({ certificateId }, NOW_MS),
    ]) {
      expect(code(refused)).toBe('CertificateStateException')
    }
    // Another account's answer cannot come from here.
    const accepted = registry.acceptCertificateTransfer({ certificateId }, NOW_MS)
    expect(code(accepted)).toBe('ResourceNotFoundException')
    expect(code(registry.cancelCertificateTransfer({ certificateId }, NOW_MS))).toBe('ok')
    expect(statusOf(registry, certificateId)).toBe('INACTIVE')
    expect(ok(registry.listOutgoingCertificates({}, NOW_MS)).outgoingCertificates).toEqual([])
    const again = registry.cancelCertificateTransfer({ certificateId }, NOW_MS)
    expect(code(again)).toBe('TransferAlreadyCompletedException')
  })

  it('gateway G95, authz H6: refused while ACTIVE and with a policy', () => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry, true)
    const target = arn(`cert/${certificateId}`)
    const transfer = (): string =>
      code(registry.transferCertificate({ certificateId, targetAwsAccount: '1' }, NOW_MS))
    expect(transfer()).toBe('CertificateStateException')
    ok(registry.updateCertificate({ certificateId, newStatus: 'INACTIVE' }, NOW_MS))
    ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, NOW_MS))
    ok(registry.attachPolicy({ policyName: 'P', target }, NOW_MS))
    expect(transfer()).toBe('TransferConflictException')
  })

  it('gateway G95: refused while a single thing is attached', () => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    const attachment = { thingName: 'T1', principal: arn(`cert/${certificateId}`) }
    ok(registry.createThing({ thingName: 'T1' }, NOW_MS))
    ok(registry.attachThingPrincipal(attachment, NOW_MS))
    const transfer = (): string =>
      code(registry.transferCertificate({ certificateId, targetAwsAccount: '1' }, NOW_MS))
    expect(transfer()).toBe('TransferConflictException')
    ok(registry.detachThingPrincipal(attachment, NOW_MS))
    expect(transfer()).toBe('ok')
  })

  it('gateway G95: DescribeCertificate tells when a transfer was offered, taken and refused', () => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    const told = (): unknown => {
      const { certificateDescription } = ok(registry.describeCertificate({ certificateId }, NOW_MS))
      const { ownedBy, previousOwnedBy, transferData } = certificateDescription ?? {}
      return { ownedBy, previousOwnedBy, transferData }
    }
    const self = '123456789012'
    const offer = { certificateId, targetAwsAccount: self, transferMessage: 'yours' }
    const [ownedBy, at] = [self, (ms: number): Date => new Date(NOW_MS + ms)]
    ok(registry.transferCertificate(offer, NOW_MS))
    const offered = { transferMessage: 'yours', transferDate: at(0) }
    expect(told()).toEqual({ ownedBy, previousOwnedBy: undefined, transferData: offered })
    ok(registry.rejectCertificateTransfer({ certificateId, rejectReason: 'no' }, NOW_MS + 1000))
    expect(told()).toEqual({
      ownedBy,
      previousOwnedBy: undefined,
      transferData: { ...offered, rejectDate: at(1000), rejectReason: 'no' },
    })
    ok(registry.transferCertificate(offer, NOW_MS + 2000))
    ok(registry.acceptCertificateTransfer({ certificateId }, NOW_MS + 3000))
    expect(told()).toEqual({
      ownedBy,
      previousOwnedBy: self,
      transferData: { ...offered, transferDate: at(2000), acceptDate: at(3000) },
    })
  })

  it.each([
    ['accepted', 'INACTIVE'],
    ['accepted as active', 'ACTIVE'],
    ['rejected', 'INACTIVE'],
  ])('gateway G95: %s by this very account ends %s', (how, after) => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    ok(registry.transferCertificate({ certificateId, targetAwsAccount: '123456789012' }, NOW_MS))
    const input = { certificateId, setAsActive: how.endsWith('active'), rejectReason: 'no' }
    ok(
      how === 'rejected'
        ? registry.rejectCertificateTransfer(input, NOW_MS)
        : registry.acceptCertificateTransfer(input, NOW_MS),
    )
    expect(statusOf(registry, certificateId)).toBe(after)
  })
})

describe('transfer of what is not ACTIVE', () => {
  const self = '123456789012'

  it('gateway G95: what is being transferred takes neither policies nor things', () => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    const target = arn(`cert/${certificateId}`)
    ok(registry.createPolicy({ policyName: 'P', policyDocument: '{}' }, NOW_MS))
    ok(registry.createThing({ thingName: 'T' }, NOW_MS))
    ok(registry.transferCertificate({ certificateId, targetAwsAccount: self }, NOW_MS))
    const attachments = (): string[] => [
      code(registry.attachPolicy({ policyName: 'P', target }, NOW_MS)),
      code(registry.attachPrincipalPolicy({ policyName: 'P', principal: target }, NOW_MS)),
      code(registry.attachThingPrincipal({ thingName: 'T', principal: target }, NOW_MS)),
    ]
    expect(attachments()).toEqual(Array.from({ length: 3 }, () => 'InvalidRequestException'))
    ok(registry.acceptCertificateTransfer({ certificateId }, NOW_MS))
    expect(registry.policiesOfTarget(target)).toEqual([])
    expect(registry.thingsOfPrincipal(target)).toEqual([])
    expect(attachments()).toEqual(['ok', 'ok', 'ok'])
  })

  it.each(['accepted', 'rejected', 'cancelled'])(
    'gateway G95, A9: a REVOKED certificate can be offered; %s, it is REVOKED as before',
    (how) => {
      const { registry } = openCertificateRegistry()
      const certificateId = newCertificateId(registry)
      ok(registry.updateCertificate({ certificateId, newStatus: 'REVOKED' }, NOW_MS))
      ok(registry.transferCertificate({ certificateId, targetAwsAccount: self }, NOW_MS))
      expect(statusOf(registry, certificateId)).toBe('PENDING_TRANSFER')
      const active = registry.acceptCertificateTransfer(
        { certificateId, setAsActive: true },
        NOW_MS,
      )
      expect(code(active)).toBe('InvalidRequestException')
      const end = {
        accepted: registry.acceptCertificateTransfer,
        rejected: registry.rejectCertificateTransfer,
        cancelled: registry.cancelCertificateTransfer,
      }[how]
      expect(end?.({ certificateId }, NOW_MS)).toMatchObject({ ok: true })
      expect(statusOf(registry, certificateId)).toBe('REVOKED')
    },
  )

  it('gateway G95: one that is offered already cannot be offered again', () => {
    const { registry } = openCertificateRegistry()
    const certificateId = newCertificateId(registry)
    const offer = (): string =>
      code(registry.transferCertificate({ certificateId, targetAwsAccount: self }, NOW_MS))
    expect([offer(), offer()]).toEqual(['ok', 'CertificateStateException'])
  })
})

it('certificates, authorities and the registration code survive a restart', () => {
  const { registry, records } = openCertificateRegistry()
  const certificateId = newCertificateId(registry, true)
  const before = ok(registry.describeCertificate({ certificateId }, NOW_MS))
  const { registrationCode } = ok(registry.getRegistrationCode({}, NOW_MS))
  const again = openCertificateRegistry(records).registry
  expect(ok(again.describeCertificate({ certificateId }, NOW_MS))).toEqual(before)
  expect(ok(again.getRegistrationCode({}, NOW_MS)).registrationCode).toBe(registrationCode)
  expect(ok(again.listCertificates({}, NOW_MS)).certificates).toHaveLength(1)
})

function newCertificateId(registry: Registry, setAsActive = false): string {
  const input = { certificateSigningRequest: newCsr(), setAsActive }
  return ok(registry.createCertificateFromCsr(input, NOW_MS)).certificateId ?? ''
}

function statusOf(registry: Registry, certificateId: string | undefined): string | undefined {
  return registry.certificate(certificateId ?? '')?.status
}

function walk(registry: Registry, ascendingOrder: boolean): string[] {
  const ids: string[] = []
  let marker: string | undefined
  do {
    const input = { pageSize: 2, ascendingOrder, ...(marker === undefined ? {} : { marker }) }
    const found = ok(registry.listCertificates(input, NOW_MS))
    ids.push(...(found.certificates ?? []).map(({ certificateId = '' }) => certificateId))
    marker = found.nextMarker
  } while (marker !== undefined)
  return ids
}
