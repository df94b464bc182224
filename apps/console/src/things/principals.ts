/** Who a thing is to the service: its certificates, and the policies they carry. */
import {
  DescribeCertificateCommand,
  GetEffectivePoliciesCommand,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'
import { statementRows, type StatementRow } from './statement-rows.ts'

/** A principal of a thing. */
export interface Principal {
  readonly arn: string
  /** undefined for a principal that is no certificate. */
  readonly certificateId: string | undefined
  readonly status: string | undefined
  readonly validUntil: Date | undefined
  readonly createdAt: Date | undefined
  /** Attached to the principal itself. */
  readonly policyNames: readonly string[]
}

/** The principals of a thing, each described. */
export function usePrincipals(thingName: string): UseQueryResult<readonly Principal[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['thing', thingName, 'principals'],
    queryFn: async () => {
      const { principals = [] } = await iot.send(new ListThingPrincipalsCommand({ thingName }))
      return Promise.all(principals.map((arn) => described(iot, arn)))
    },
    refetchInterval: 10_000,
  })
}

async function described(iot: IoTClient, arn: string): Promise<Principal> {
  const [, certificateId] = arn.split(':cert/')
  const [certificate, attached] = await Promise.all([
    certificateId === undefined
      ? undefined
      : iot.send(new DescribeCertificateCommand({ certificateId })),
    iot.send(new ListAttachedPoliciesCommand({ target: arn })),
  ])
  const description = certificate?.certificateDescription
  return {
    arn,
    certificateId,
    status: description?.status,
    validUntil: description?.validity?.notAfter,
    createdAt: description?.creationDate,
    policyNames: (attached.policies ?? []).map(({ policyName }) => policyName ?? ''),
  }
}

/** What policies say to a thing that shows this principal: its own and those of its groups. */
export function useEffectiveStatements(
  thingName: string,
  principal: Principal | undefined,
): UseQueryResult<readonly StatementRow[]> {
  const { iot } = useSignedIn()
  const { arn, policyNames = [] } = principal ?? {}
  return useQuery({
    queryKey: ['thing', thingName, 'effective-policies', arn, policyNames],
    queryFn: async () => {
      const answer = await iot.send(
        new GetEffectivePoliciesCommand({
          thingName,
          ...(arn === undefined ? {} : { principal: arn }),
        }),
      )
      return (answer.effectivePolicies ?? []).flatMap(({ policyName = '', policyDocument = '' }) =>
        statementRows(policyName, policyDocument, policyNames.includes(policyName)),
      )
    },
  })
}
