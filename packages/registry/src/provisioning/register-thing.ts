/**
 * RegisterThing (gateway G113).
 */
import type { RegisterThingRequest, RegisterThingResponse } from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'
import { provision } from './provision.ts'
import { resolveTemplate } from './resolve-template.ts'
import { parseTemplate } from './template.ts'

/**
 * Makes what a template asks for, all of it or nothing.
 *
 * InvalidRequestException for a body that is no template; ResourceRegistrationFailureException,
 * with the cause in its message, for whatever fails after.
 */
export function registerThing(
  state: RegistryState,
  input: RegisterThingRequest,
  nowMs: number,
): Outcome<RegisterThingResponse> {
  const template = parseTemplate(input.templateBody ?? '', 'REGISTRATION')
  if (!template.ok) return template
  const parameters = new Map(Object.entries(input.parameters ?? {}))
  const wanted = resolveTemplate(template.value, parameters)
  const done = wanted.ok ? provision(state, wanted.value, nowMs) : wanted
  if (!done.ok) {
    return refuse(
      'ResourceRegistrationFailureException',
      `${done.error.code}: ${done.error.message}`,
    )
  }
  const { certificate, resourceArns } = done.value
  return accept({
    ...(certificate === undefined ? {} : { certificatePem: certificate.certificatePem }),
    resourceArns: { ...resourceArns },
  })
}
