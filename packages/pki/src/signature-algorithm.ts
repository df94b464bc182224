/**
 * Which signatures AWS accepts on a certificate (gateway G7): RSA, RSA-PSS and ECDSA with SHA-2 of
 * 256 bits or more, DSA with SHA-256.
 */
import { readDer, readDerChildren, readDerOid } from './der.ts'

const accepted: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11', // sha256WithRSAEncryption
  '1.2.840.113549.1.1.12', // sha384WithRSAEncryption
  '1.2.840.113549.1.1.13', // sha512WithRSAEncryption
  '1.2.840.10045.4.3.2', // ecdsa-with-SHA256
  '1.2.840.10045.4.3.3', // ecdsa-with-SHA384
  '1.2.840.10045.4.3.4', // ecdsa-with-SHA512
  '2.16.840.1.101.3.4.3.2', // dsa-with-sha256
])
const rsassaPss = '1.2.840.113549.1.1.10'
const acceptedInPss: ReadonlySet<string> = new Set([
  '2.16.840.1.101.3.4.2.1', // sha256
  '2.16.840.1.101.3.4.2.2', // sha384
  '2.16.840.1.101.3.4.2.3', // sha512
])
/** `hashAlgorithm [0]` of RSASSA-PSS-params; absent it is SHA-1. */
const hashTag = 0xa0

/** @param algorithm - content of an AlgorithmIdentifier */
export function isAcceptedSignature(algorithm: Uint8Array): boolean {
  const [oid, parameters] = readDerChildren(algorithm) ?? []
  if (oid === undefined) return false
  const name = readDerOid(oid.content)
  if (name !== rsassaPss) return accepted.has(name)
  const [hash] = (parameters && readDerChildren(parameters.content)) ?? []
  const identifier = hash?.tag === hashTag ? readDer(hash.content) : undefined
  const hashOid = identifier === undefined ? undefined : readDer(identifier.content)
  return hashOid !== undefined && acceptedInPss.has(readDerOid(hashOid.content))
}
