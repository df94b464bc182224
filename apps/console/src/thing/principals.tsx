/** A thing's principals: each certificate's state and validity, and the policies it carries. */
import {
  DescribeCertificateCommand,
  ListAttachedPoliciesCommand,
  ListThingPrincipalsCommand,
} from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Moment } from '../ui/moment.tsx'
import { Answer, Panel } from '../ui/panel.tsx'

export function Principals({ thingName }: { readonly thingName: string }): ReactNode {
  const { iot } = useSignedIn()
  const principals = useQuery({
    queryKey: ['thing', thingName, 'principals'],
    queryFn: async () =>
      (await iot.send(new ListThingPrincipalsCommand({ thingName }))).principals ?? [],
  })
  return (
    <Panel title="Principals">
      <Answer query={principals}>
        {(arns) =>
          arns.length === 0 ? (
            <p className="quiet">None is attached: this thing cannot connect.</p>
          ) : (
            <>
              {arns.map((arn) => (
                <Principal key={arn} arn={arn} />
              ))}
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

function Principal({ arn }: { readonly arn: string }): ReactNode {
  const [, certificateId] = arn.split(':cert/')
  return (
    <article className="principal">
      {certificateId === undefined ? (
        <p className="code">{arn}</p>
      ) : (
        <Certificate certificateId={certificateId} />
      )}
      <Policies target={arn} />
    </article>
  )
}

function Certificate({ certificateId }: { readonly certificateId: string }): ReactNode {
  const { iot } = useSignedIn()
  const certificate = useQuery({
    queryKey: ['certificate', certificateId],
    queryFn: async () =>
      (await iot.send(new DescribeCertificateCommand({ certificateId }))).certificateDescription ??
      {},
  })
  return (
    <>
      <p className="code" title={certificateId}>
        certificate {certificateId.slice(0, 16)}…
      </p>
      <Answer query={certificate}>
        {(found) => (
          <dl className="facts">
            <dt>State</dt>
            <dd>
              <span
                className={`badge ${found.status === 'ACTIVE' ? 'status-SUCCEEDED' : 'status-FAILED'}`}
              >
                {found.status?.toLowerCase().replaceAll('_', ' ')}
              </span>
            </dd>
            <dt>Valid until</dt>
            <dd>
              <Moment at={found.validity?.notAfter} />
            </dd>
            <dt>Created</dt>
            <dd>
              <Moment at={found.creationDate} />
            </dd>
          </dl>
        )}
      </Answer>
    </>
  )
}

function Policies({ target }: { readonly target: string }): ReactNode {
  const { iot } = useSignedIn()
  const policies = useQuery({
    queryKey: ['policies', target],
    queryFn: async () =>
      (await iot.send(new ListAttachedPoliciesCommand({ target, recursive: true }))).policies ?? [],
  })
  return (
    <Answer query={policies}>
      {(found) => (
        <dl className="facts">
          <dt>Policies</dt>
          <dd>
            {found.length === 0 ? (
              <span className="bad-text">none: everything is denied</span>
            ) : (
              found.map((policy) => policy.policyName).join(', ')
            )}
          </dd>
        </dl>
      )}
    </Answer>
  )
}
