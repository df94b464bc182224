import {
  AwsProtocol,
  cognitoOperations,
  formValue,
  jsonBody,
  statedSignature,
  stsOperations,
} from '@muster/aws-protocol'
import { isStsForm, queryOf, routeRequest, stsForm } from '@muster/server/outside-input'
import type { TargetModule } from '../target.ts'
import { requestOf } from './http-text.ts'

const protocol = new AwsProtocol()

/** From the head that Node parsed to the input of an operation: control plane, data planes, STS, Cognito. */
export const reader: TargetModule['reader'] = () => (input) => {
  const request = requestOf(input)
  const query = queryOf(request)
  if (query === undefined) return
  const { body, headers, method, path } = request
  const stated = statedSignature(request)
  const form = stsForm(request, query)
  if (isStsForm(form)) {
    const operation = stsOperations().get(form.get('Action') ?? '')
    if (operation !== undefined) operation.readInput(formValue(form, operation.input))
  }
  const target = String(headers['x-amz-target'] ?? '')
  const cognito = cognitoOperations().get(target.slice(target.indexOf('.') + 1))
  const members = cognito === undefined ? undefined : jsonBody(body)
  if (members !== undefined) cognito?.readInput(members)
  const host = String(headers['host'] ?? '')
  for (const scope of [undefined, 'iot', 'iotdata', stated.ok ? stated.value.service : 'other']) {
    const route = routeRequest(protocol, { method, path, query, host, scope })
    if (route.kind !== 'operation') continue
    protocol.codec(route.operation).readInput({ labels: route.labels, query, headers, body })
  }
}
