/**
 * Stands between the server and its policies: every decision about a device is held against the model,
 * as policies, attachments, groups and things are at that moment.
 */
import type { RegistryChange } from '@muster/registry'
import type { Services } from '@muster/server/in-process'
import { isAllowed, type Asker, type PolicyFacts, type Statement } from '../model/policies.ts'
import type { ModelRegistry } from '../model/state.ts'
import type { Tally } from '../tally.ts'
import { must } from '../violation.ts'
import { IDENTITIES } from './fleet.ts'

/** Facts as they stand. */
export interface PolicyView {
  readonly facts: PolicyFacts
  readonly registry: ModelRegistry
}

/** Holds every decision of a server against the model. */
export function tapPolicies(services: Services, view: () => PolicyView, tally: Tally): void {
  const { devices } = services
  const bind = devices.bind.bind(devices)
  devices.bind = (connection) => {
    const authorizer = bind(connection)
    const asker: Asker = {
      certificate: certificateNameOf(connection.certificateId),
      clientId: connection.clientId,
    }
    const judged = <T extends { allowed: boolean } | boolean>(
      action: string,
      resource: string,
      verdict: T,
    ): T => {
      const isYes = typeof verdict === 'boolean' ? verdict : verdict.allowed
      const { facts, registry } = view()
      must(isYes === isAllowed(facts, registry, asker, action, resource), 'stale policy', () => {
        return `${action} on ${resource} of ${asker.certificate} was ${isYes ? 'allowed' : 'denied'} (authz E1 to E6)`
      })
      if (!isYes) tally.add('refusals', `denied ${action}`)
      return verdict
    }
    return {
      connect: () => judged('iot:Connect', `client/${connection.clientId}`, authorizer.connect()),
      publish: (topic) => judged('iot:Publish', `topic/${topic}`, authorizer.publish(topic)),
      retainPublish: (topic) => authorizer.retainPublish(topic),
      subscribe: (filter) =>
        judged('iot:Subscribe', `topicfilter/${filter}`, authorizer.subscribe(filter)),
      receive: (topic, share) =>
        judged('iot:Receive', `topic/${topic}`, authorizer.receive(topic, share)),
      decide: (action, arn) =>
        judged(action, arn.split(':').slice(5).join(':'), authorizer.decide(action, arn)),
      release: () => authorizer.release(),
    }
  }
}

/** Brings the facts to what the registry told. @param documents - what operators sent last, by policy */
export function followPolicies(
  facts: PolicyFacts,
  change: RegistryChange,
  documents: ReadonlyMap<string, readonly Statement[]>,
): void {
  if (change.kind === 'policy') {
    const document = documents.get(change.policyName)
    if (document === undefined) facts.documents.delete(change.policyName)
    else facts.documents.set(change.policyName, document)
  } else if (change.kind === 'policyAttachment') {
    put(facts.attached, targetName(change.target), change.policyName, change.attached)
  } else if (change.kind === 'thingPrincipal') {
    put(facts.things, targetName(change.principal), change.thingName, change.attached)
  } else if (change.kind === 'certificate') {
    const name = certificateNameOf(change.certificateId)
    facts.statuses.set(name, change.after?.status ?? 'gone')
  }
}

function put(sets: Map<string, Set<string>>, key: string, value: string, isIn: boolean): void {
  const set = sets.get(key) ?? new Set()
  sets.set(key, set)
  if (isIn) set.add(value)
  else set.delete(value)
}

/** `arn:aws:iot:…:cert/abc…` as `cert/0`; `…:thinggroup/G0` as `thinggroup/G0`. */
export function targetName(arn: string): string {
  const resource = arn.split(':').slice(5).join(':')
  return resource.startsWith('cert/') ? certificateNameOf(resource.slice(5)) : resource
}

function certificateNameOf(certificateId: string): string {
  const found = IDENTITIES.find((identity) => identity.certificateId === certificateId)
  return found?.certificateName ?? 'cert/?'
}
