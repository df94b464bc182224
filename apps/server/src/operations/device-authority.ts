/**
 * What a device may do over HTTPS, by its certificate's IoT Core policies (authz A3, D2, D4, D7).
 */
import { iotArn, refuse, type Account, type Refusal } from '@muster/model'
import type { OperationSchema } from '@muster/aws-protocol'
import type { ConnectionAuthorizer } from '../authorization/authorizer.ts'

/**
 * Decides one call of a device.
 *
 * @returns undefined when allowed; `ForbiddenException` 403 otherwise (gateway A12)
 */
export function deviceDenial(
  account: Account,
  authorizer: ConnectionAuthorizer,
  operation: OperationSchema,
  input: Readonly<Record<string, unknown>>,
): Refusal | undefined {
  return allowed(account, authorizer, operation, input)
    ? undefined
    : refuse('ForbiddenException', 'Forbidden').error
}

function allowed(
  account: Account,
  authorizer: ConnectionAuthorizer,
  { service, name }: OperationSchema,
  input: Readonly<Record<string, unknown>>,
): boolean {
  if (service === 'iot-jobs-data') {
    const thing = iotArn(account, 'thing', String(input.thingName))
    return authorizer.decide(`iotjobsdata:${name}`, thing).allowed
  }
  const topic = String(input.topic)
  switch (name) {
    case 'Publish':
      return (
        authorizer.publish(topic).allowed &&
        (input.retain !== true || authorizer.retainPublish(topic).allowed)
      )
    case 'GetRetainedMessage':
      return authorizer.decide('iot:GetRetainedMessage', iotArn(account, 'topic', topic)).allowed
    case 'ListRetainedMessages':
      return authorizer.decide('iot:ListRetainedMessages', '*').allowed
    default:
      // Connection operations are for IAM identities only (authz D9).
      return false
  }
}
