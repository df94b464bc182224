/**
 * Keys of devices: EC P-256 with a certificate request where the device makes its own (design
 * decision 10), RSA-2048 where AWS's operations must return one.
 */
import { Buffer } from 'node:buffer'
import { generateKeyPair, generateKeyPairSync } from 'node:crypto'
import { attributeOids, type NameAttribute } from './certificate-attributes.ts'
import { derTag, writeDer, writeDerOid } from './der.ts'
import { requestFor } from './key-request.ts'

/** A device's own key with the request to certify it. */
export interface DeviceKeyAndCsr {
  /** PKCS #8; secret. */
  readonly privateKeyPem: string
  readonly publicKeyPem: string
  /** PKCS #10. */
  readonly csrPem: string
}

/** A key pair in the PEM forms that CreateKeysAndCertificate returns. */
export interface KeyPairPem {
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string
  /** PKCS #1, `BEGIN RSA PRIVATE KEY`; secret. */
  readonly privateKeyPem: string
}

/** Whom a request is for. */
export interface DeviceSubject {
  /** 1 to 64 characters, usually the thing name. */
  readonly commonName: string
  /** Further attributes of the name. */
  readonly attributes?: Readonly<Partial<Record<NameAttribute, string>>>
}

/** Makes an EC P-256 key and a request for it; 0.1 ms, on this thread. */
export function createDeviceKeyAndCsr(subject: DeviceSubject): DeviceKeyAndCsr {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }),
    csrPem: requestFor(distinguishedName(subject), { publicKey, privateKey }),
  }
}

/** Makes an RSA-2048 pair on a thread of libuv's pool: 65 ms that the event loop does not see. */
export function createRsaKeyPair(): Promise<KeyPairPem> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: 2048 }, (cause, publicKey, privateKey) => {
      if (cause !== null) {
        reject(cause)
        return
      }
      resolve({
        publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }),
        privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs1' }),
      })
    })
  })
}

function distinguishedName({ attributes = {}, commonName }: DeviceSubject): Uint8Array {
  const values: Readonly<Record<string, string>> = { ...attributes, CommonName: commonName }
  const names = attributeOids.flatMap(([oid, name]) => {
    const value = values[name]
    if (value === undefined) return []
    const tag = name === 'Country' ? derTag.printableString : derTag.utf8String
    const pair = [writeDerOid(oid), writeDer(tag, Buffer.from(value))]
    return [writeDer(derTag.set, writeDer(derTag.sequence, ...pair))]
  })
  return writeDer(derTag.sequence, ...names)
}
