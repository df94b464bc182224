/**
 * Certificate attributes under the names that policies use (authz F8, F9).
 */
import { X509Certificate as NodeCertificate } from 'node:crypto'
import type { Name, X509Certificate } from '@peculiar/x509'
import { x509Library } from './x509-library.ts'

/** Attributes of a distinguished name by AWS's name, values in certificate order (authz F8). */
export type NameAttributes = Readonly<Partial<Record<NameAttribute, readonly string[]>>>

/** Alternative names by AWS's name, values in certificate order (authz F9). */
export type AlternativeNames = Readonly<Partial<Record<AlternativeNameKind, readonly string[]>>>

export type NameAttribute =
  | 'DistinguishedNameQualifier'
  | 'Country'
  | 'Organization'
  | 'OrganizationalUnit'
  | 'State'
  | 'CommonName'
  | 'SerialNumber'
  | 'Title'
  | 'Surname'
  | 'GivenName'
  | 'Initials'
  | 'Pseudonym'
  | 'GenerationQualifier'

export type AlternativeNameKind =
  | 'RFC822Name'
  | 'DNSName'
  | 'DirectoryName'
  | 'UniformResourceIdentifier'
  | 'IPAddress'

/** What `iot:Certificate.*` variables can say of one certificate, all values unescaped. */
export interface CertificateAttributes {
  readonly subject: NameAttributes
  readonly issuer: NameAttributes
  readonly subjectAlternativeName: AlternativeNames
  readonly issuerAlternativeName: AlternativeNames
  /** Decimal digits would not fit every reader: lower-case hex, as openssl prints it. */
  readonly serialNumber: string
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** Object identifiers of the attributes (X.520). */
export const attributeOids: readonly (readonly [oid: string, name: NameAttribute])[] = [
  ['2.5.4.46', 'DistinguishedNameQualifier'],
  ['2.5.4.6', 'Country'],
  ['2.5.4.10', 'Organization'],
  ['2.5.4.11', 'OrganizationalUnit'],
  ['2.5.4.8', 'State'],
  ['2.5.4.3', 'CommonName'],
  ['2.5.4.5', 'SerialNumber'],
  ['2.5.4.12', 'Title'],
  ['2.5.4.4', 'Surname'],
  ['2.5.4.42', 'GivenName'],
  ['2.5.4.43', 'Initials'],
  ['2.5.4.65', 'Pseudonym'],
  ['2.5.4.44', 'GenerationQualifier'],
]

const alternativeNameKinds: Readonly<Record<string, AlternativeNameKind>> = {
  email: 'RFC822Name',
  dns: 'DNSName',
  dn: 'DirectoryName',
  url: 'UniformResourceIdentifier',
  ip: 'IPAddress',
}

const subjectAlternativeNameOid = '2.5.29.17'
const issuerAlternativeNameOid = '2.5.29.18'

/**
 * Reads the attributes of a certificate.
 *
 * @throws Error for text that is no certificate; those in the registry are
 */
export function certificateAttributes(certificatePem: string): CertificateAttributes {
  const parsed = new NodeCertificate(certificatePem)
  const certificate = new (x509Library().X509Certificate)(new Uint8Array(parsed.raw))
  return {
    subject: nameAttributes(certificate.subjectName),
    issuer: nameAttributes(certificate.issuerName),
    subjectAlternativeName: alternativeNames(certificate, subjectAlternativeNameOid),
    issuerAlternativeName: alternativeNames(certificate, issuerAlternativeNameOid),
    serialNumber: parsed.serialNumber.toLowerCase(),
    notBeforeMs: parsed.validFromDate.getTime(),
    notAfterMs: parsed.validToDate.getTime(),
  }
}

function nameAttributes(name: Name): NameAttributes {
  const attributes: Partial<Record<NameAttribute, readonly string[]>> = {}
  for (const [oid, attribute] of attributeOids) {
    const values = name.getField(oid)
    if (values.length > 0) attributes[attribute] = values
  }
  return attributes
}

function alternativeNames(certificate: X509Certificate, oid: string): AlternativeNames {
  const extension = certificate.getExtension(oid)
  if (extension === null) return {}
  // Both extensions hold GeneralNames; the library reads them alike.
  const { names } = new (x509Library().SubjectAlternativeNameExtension)(extension.rawData)
  const kinds: Partial<Record<AlternativeNameKind, string[]>> = {}
  for (const { type, value } of names.items) {
    const kind = alternativeNameKinds[type]
    if (kind !== undefined) (kinds[kind] ??= []).push(value)
  }
  return kinds
}
