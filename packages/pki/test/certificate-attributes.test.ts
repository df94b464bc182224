/** Attributes as policy variables name them. */
import { describe, expect, it } from 'vitest'
import {
  certificateAttributes,
  createAuthority,
  createDeviceKeyAndCsr,
  issueDeviceCertificate,
  issueServerCertificate,
} from '../src/index.ts'
import { certificateByLibrary } from './library-attributes.ts'

const nowMs = Date.UTC(2026, 10, 22)
const authority = await createAuthority({ nowMs, commonName: 'Factory' })

describe('certificate attributes', () => {
  it('authz F8: every attribute of subject and issuer under AWS’s name', () => {
    const attributes = {
      DistinguishedNameQualifier: 'q',
      Country: 'DE',
      Organization: 'Example, Inc. = #1',
      OrganizationalUnit: 'Works',
      State: 'Bavaria',
      SerialNumber: 'S-1',
      Title: 'T',
      Surname: 'Sur',
      GivenName: 'Given',
      Initials: 'I',
      Pseudonym: 'P',
      GenerationQualifier: 'III',
    }
    const { csrPem } = createDeviceKeyAndCsr({ commonName: 'dev-1', attributes })
    const issued = issueDeviceCertificate(authority, csrPem, { nowMs })
    const found = certificateAttributes(issued.ok ? issued.value.certificatePem : '')
    const lists = Object.entries({ ...attributes, CommonName: 'dev-1' }).map(
      ([name, value]) => [name, [value]] as const,
    )
    expect(found.subject).toEqual(Object.fromEntries(lists))
    expect(found.issuer).toEqual({ CommonName: ['Factory'] })
    expect(found.serialNumber).toMatch(/^[0-9a-f]{40}$/)
  })

  it('authz F10: several values of one attribute stay in order', async () => {
    const pem = await certificateByLibrary({
      name: [{ OU: ['first'] }, { OU: ['second'] }, { CN: ['a'] }, { CN: ['b'] }],
      alternativeNames: [],
    })
    const { subject } = certificateAttributes(pem)
    expect(subject).toEqual({ OrganizationalUnit: ['first', 'second'], CommonName: ['a', 'b'] })
  })

  it('authz F9: alternative names by kind', async () => {
    const pem = await certificateByLibrary({
      name: [{ CN: ['a'] }],
      alternativeNames: [
        { type: 'email', value: 'ops@example.com' },
        { type: 'dns', value: 'one.example' },
        { type: 'dns', value: 'two.example' },
        { type: 'url', value: 'https://example.com/x' },
        { type: 'ip', value: '10.0.0.1' },
        { type: 'dn', value: 'CN=directory' },
      ],
    })
    expect(certificateAttributes(pem).subjectAlternativeName).toEqual({
      RFC822Name: ['ops@example.com'],
      DNSName: ['one.example', 'two.example'],
      UniformResourceIdentifier: ['https://example.com/x'],
      IPAddress: ['10.0.0.1'],
      DirectoryName: ['CN=directory'],
    })
  })

  it('authz F9: addresses of a server certificate read as text', async () => {
    const hostnames = ['localhost', '127.0.0.1', '::1']
    const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
    expect(certificateAttributes(issued.certificatePem).subjectAlternativeName).toEqual({
      DNSName: ['localhost'],
      IPAddress: ['127.0.0.1', '::1'],
    })
  })
})
