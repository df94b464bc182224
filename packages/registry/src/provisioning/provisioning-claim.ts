/**
 * CreateProvisioningClaim: provisioning by a trusted user (gateway G106).
 */
import type {
  CreateProvisioningClaimRequest,
  CreateProvisioningClaimResponse,
} from '@aws-sdk/client-iot'
import {
  accept,
  invalidRequest,
  iotArn,
  nameInArn,
  type Account,
  type Outcome,
} from '@muster/model'
import { addIssued, type KeyPairPem } from '../certificate/create-certificate.ts'
import type { RegistryState } from '../state/registry-state.ts'
import { findTemplate } from './provisioning-template.ts'

const claimLifeMs = 300_000

/**
 * Makes a certificate that is good for five minutes and for provisioning by this template alone;
 * no list shows it.
 *
 * @param keyPair - made beforehand, off the main thread
 * @returns ResourceNotFoundException, InvalidRequestException for a disabled or just-in-time
 *   template
 */
export function createProvisioningClaim(
  state: RegistryState,
  input: CreateProvisioningClaimRequest,
  keyPair: KeyPairPem,
  nowMs: number,
): Outcome<CreateProvisioningClaimResponse> {
  const found = findTemplate(state, input.templateName)
  if (!found.ok) return found
  const { enabled, templateName, type } = found.value
  if (!enabled) return invalidRequest(`Template ${templateName} is disabled`)
  if (type !== 'FLEET_PROVISIONING') {
    return invalidRequest(`Template ${templateName} is not for fleet provisioning`)
  }
  const expiresAtMs = nowMs + claimLifeMs
  const issued = state.ports.certificateIssuer.issueForKey(keyPair.publicKeyPem, {
    lifetimeMs: claimLifeMs,
  })
  if (!issued.ok) return issued
  const { certificateId, certificatePem } = issued.value
  state.provisioning.claims.set(certificateId, expiresAtMs)
  addIssued(state, issued.value, 'ACTIVE', nowMs, templateName)
  return accept({
    certificateId,
    certificatePem,
    keyPair: { PublicKey: keyPair.publicKeyPem, PrivateKey: keyPair.privateKeyPem },
    expiration: new Date(expiresAtMs),
  })
}

const claimPolicyPrefix = '$aws/provisioning-claim/'

/**
 * Name of the policy that a claim's certificate carries by nature; undefined for other targets.
 * No operation can create or show a policy of this name.
 */
export function claimPolicyName(state: RegistryState, target: string): string | undefined {
  const certificateId = nameInArn(state.ports.account, 'cert', target)
  const record = state.certificates.certificates.get(certificateId ?? '')
  const template = record?.claimOfTemplate
  return template === undefined ? undefined : `${claimPolicyPrefix}${template}`
}

/** Document of a {@link claimPolicyName}: what gateway G105 says suffices; undefined for others. */
export function claimPolicyDocument(account: Account, policyName: string): string | undefined {
  if (!policyName.startsWith(claimPolicyPrefix)) return undefined
  const template = policyName.slice(claimPolicyPrefix.length)
  const paths = [
    '$aws/certificates/create/*',
    '$aws/certificates/create-from-csr/*',
    `$aws/provisioning-templates/${template}/provision/*`,
  ]
  const allow = (actions: readonly string[], resources: readonly string[]): object => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  })
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow(['iot:Connect'], ['*']),
      allow(
        ['iot:Publish', 'iot:Receive'],
        paths.map((path) => iotArn(account, 'topic', path)),
      ),
      allow(
        ['iot:Subscribe'],
        paths.map((path) => iotArn(account, 'topicfilter', path)),
      ),
    ],
  })
}
