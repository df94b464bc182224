/** A registry in memory with a small fleet; certificates are numbered and nothing is signed. */
import { openRegistry, type CertificateIssuer, type Registry } from '@muster/registry'

/** A registry with an index and three things. */
export function smallFleet(): Registry {
  let ids = 0
  const registry = openRegistry({
    account: { region: 'us-east-1', accountId: '123456789012' },
    records: { put: () => {}, delete: () => {}, load: () => [] },
    emit: () => {},
    newId: () => `id-${(ids += 1)}`,
    certificateIssuer: countingIssuer(),
    policyFault: (document) => (document.startsWith('{') ? undefined : 'not JSON'),
    connectivity: () => ({ connected: true, timestampMs: 2000 }),
    shadow: () => undefined,
    buildsWait: () => {},
  })
  registry.updateIndexingConfiguration(
    {
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
    },
    0,
  )
  registry.createThingType({ thingTypeName: 'Sensor' }, 0)
  registry.createThingGroup({ thingGroupName: 'north' }, 0)
  for (const [thingName, count] of Object.entries({ 'alpha-1': '75', 'alpha-2': '9', beta: 'x' })) {
    const attributePayload = { attributes: { site: 'North', count } }
    registry.createThing({ thingName, thingTypeName: 'Sensor', attributePayload }, 0)
  }
  registry.addThingToThingGroup({ thingName: 'alpha-1', thingGroupName: 'north' }, 0)
  return registry
}

function countingIssuer(): CertificateIssuer {
  let count = 0
  const issue: CertificateIssuer['issueFromCsr'] = () => {
    count += 1
    const certificateId = String(count).padStart(64, '0')
    const value = { certificateId, certificatePem: `${count}`, notBeforeMs: 0, notAfterMs: 1e15 }
    return { ok: true, value }
  }
  return {
    issueFromCsr: issue,
    issueForKey: issue,
    read: () => ({ ok: false, error: { code: 'CertificateValidationException', message: 'no' } }),
    isSignedBy: () => false,
    subjectAttributes: () => ({}),
    digest: (text) => String(text.length).padStart(64, '0'),
  }
}
