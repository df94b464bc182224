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
  type KeyPairPem,
} from './device-key.ts'
export { fingerprint } from './fingerprint.ts'
export {
  issueServerCertificate,
  needsRenewal,
  type ServerCertificate,
  type ServerCertificateOptions,
  type ServerKeyType,
} from './server-certificate.ts'
