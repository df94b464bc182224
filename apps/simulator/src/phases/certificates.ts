import { orphanCertificates, renew, retire, revoke } from '../control/certificates.ts'
import type { CertificateRound } from '../control/certificates.ts'
import type { Stage } from '../stage.ts'
import { awaitState } from './await-state.ts'

/** Takes groups' certificates out of service; being refused is right for them from now on. */
export async function revokeGroups(
  stage: Stage,
  {
    groups,
    status = 'REVOKED',
  }: { readonly groups: readonly string[]; readonly status?: 'REVOKED' | 'INACTIVE' },
): Promise<void> {
  const round = roundOf(stage, groups)
  await stage.pool.order({ type: 'expect-refusal', groups })
  await revoke(round, status)
  stage.record.revoked += round.thingNames.length
}

/** New certificates first, then the devices move over, then the old ones go. */
export async function rotateCertificates(stage: Stage, groups?: readonly string[]): Promise<void> {
  const round = roundOf(stage, groups)
  const retired = await renew(round)
  await stage.pool.order({ type: 'restart', ...(groups === undefined ? {} : { groups }) })
  if (!(await awaitState(stage, { what: 'connected' }))) return
  await retire(round, retired)
  stage.record.orphanCertificates = await orphanCertificates(round)
}

function roundOf(
  { client, fleet, plan }: Stage,
  groups: readonly string[] | undefined,
): CertificateRound {
  return {
    client,
    policyName: plan.policyName,
    identities: fleet.identities,
    thingNames: plan.mine
      .filter(({ group }) => groups === undefined || groups.includes(group.name))
      .map(({ thingName }) => thingName),
  }
}
