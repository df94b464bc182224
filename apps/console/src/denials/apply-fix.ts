/** Makes a proposed change, by AWS's own operations. */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreatePolicyCommand,
  TestAuthorizationCommand,
  UpdateCertificateCommand,
  type ActionType,
  type AuthResult,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { saveVersion } from '../policies/save-version.ts'
import { principalKind, type ExplainedDenial } from './decision.ts'
import type { Fix } from './fixes.ts'

/**
 * @returns what was done, as a sentence
 * @throws what the SDK throws
 */
export async function applyFix(iot: IoTClient, fix: Fix): Promise<string> {
  switch (fix.kind) {
    case 'version': {
      const { policyName, after } = fix
      const version = await saveVersion(iot, { policyName, document: after, setAsDefault: true })
      return `Version ${version} of policy ${policyName} is active.`
    }
    case 'policy': {
      const { policyName, after, target } = fix
      await iot.send(new CreatePolicyCommand({ policyName, policyDocument: after }))
      await iot.send(new AttachPolicyCommand({ policyName, target }))
      return `Policy ${policyName} was created and attached.`
    }
    case 'attach': {
      const { policyName, target } = fix
      await iot.send(new AttachPolicyCommand({ policyName, target }))
      return `Policy ${policyName} was attached.`
    }
    case 'thing': {
      const { thingName, principal } = fix
      await iot.send(new AttachThingPrincipalCommand({ thingName, principal }))
      return `The certificate was attached to thing ${thingName}.`
    }
    case 'activate': {
      const { certificateId } = fix
      await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'ACTIVE' }))
      return 'The certificate is active.'
    }
  }
}

const actionTypes: Readonly<Record<string, ActionType>> = {
  'iot:Connect': 'CONNECT',
  'iot:Publish': 'PUBLISH',
  'iot:Subscribe': 'SUBSCRIBE',
  'iot:Receive': 'RECEIVE',
}

/**
 * What the server decides about the same request now.
 *
 * @returns undefined for an action that TestAuthorization does not know, and for identities, whose
 *   pool it would have to be told
 */
export async function testAgain(
  iot: IoTClient,
  denial: ExplainedDenial,
): Promise<AuthResult | undefined> {
  const { action, explanation, principal, clientId } = denial
  const actionType = actionTypes[action]
  if (actionType === undefined || principal === null) return undefined
  if (principalKind(denial) !== 'certificate') return undefined
  const { authResults = [] } = await iot.send(
    new TestAuthorizationCommand({
      principal,
      authInfos: [{ actionType, resources: [explanation.resource] }],
      ...(clientId === null ? {} : { clientId }),
    }),
  )
  return authResults[0]
}
