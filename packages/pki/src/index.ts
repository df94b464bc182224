export {
  certificateAttributes,
  type AlternativeNameKind,
  type AlternativeNames,
  type CertificateAttributes,
  type NameAttribute,
  type NameAttributes,
} from './certificate-attributes.ts'
export { isSignedBy, readCertificate, type CertificateFacts } from './certificate-facts.ts'
export {
  certificateIssuer,
  type CertificateIssuer,
  type DatedCertificateFacts,
  type IssueOptions,
} from './certificate-issuer.ts'
export {
  createAuthority,
  loadAuthority,
  renewAuthority,
  type Authority,
  type AuthorityOptions,
} from './authority.ts'
export { readCertificateRequest, type CertificateRequest } from './certificate-request.ts'
export {
  deviceNotAfterMs,
  issueDeviceCertificate,
  issueKeyCertificate,
  type DeviceCertificateOptions,
  type IssuedCertificate,
} from './device-certificate.ts'
export {
  createDeviceKeyAndCsr,
  createRsaKeyPair,
  type DeviceKeyAndCsr,
  type DeviceSubject,
  type KeyPairPem,
} from './device-key.ts'
export { fingerprint } from './fingerprint.ts'
export { certificatePem } from './pem.ts'
export {
  certifyServerRequest,
  issueServerCertificate,
  needsRenewal,
  type ServerCertificate,
  type ServerCertificateOptions,
} from './server-certificate.ts'
export {
  createServerKeyAndRequest,
  endsSoon,
  type ServerKeyAndRequest,
  type ServerKeyType,
} from './server-key.ts'
