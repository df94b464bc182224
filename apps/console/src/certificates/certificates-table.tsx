/** Every certificate, page by page as the server has them. */
import Button from '@cloudscape-design/components/button'
import Input from '@cloudscape-design/components/input'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { useLinkedPage, useLinkedText } from '../ui/linked-state.ts'
import { Ago, Moment } from '../ui/moment.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useServerPages } from '../ui/server-pages.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { certificatesPage, useAuthorities, type CertificateRow } from './certificate-queries.ts'

export function CertificatesTable(): ReactNode {
  const { iot } = useSignedIn()
  const [page, setPage] = useLinkedPage()
  const [authority, setAuthority] = useLinkedText('ca')
  const list = useServerPages<CertificateRow>({
    queryKey: ['certificates', authority],
    page,
    read: (marker) => certificatesPage(iot, authority, marker),
  })
  return (
    <PagedTable<CertificateRow>
      title="Certificates"
      list={list}
      page={page}
      onPage={setPage}
      trackBy={({ certificateId }) => certificateId}
      empty="There are no certificates: no device can connect."
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <FindCertificate />
          <AuthorityFilter
            chosen={authority}
            onChoose={(id) => {
              setPage(1)
              setAuthority(id)
            }}
          />
        </SpaceBetween>
      }
      columns={[
        {
          id: 'certificateId',
          header: 'Certificate ID',
          isRowHeader: true,
          cell: ({ certificateId }) => (
            <PageLink to={`/certificates/${certificateId}`}>{certificateId.slice(0, 16)}…</PageLink>
          ),
        },
        { id: 'status', header: 'Status', cell: ({ status }) => <StatusBadge status={status} /> },
        {
          id: 'things',
          header: 'Things',
          cell: ({ thingNames }) => <ThingLinks thingNames={thingNames} />,
        },
        { id: 'created', header: 'Created', cell: ({ createdAt }) => <Ago at={createdAt} /> },
        { id: 'expires', header: 'Expires', cell: ({ notAfter }) => <Moment at={notAfter} /> },
        {
          id: 'ca',
          header: 'Authority',
          cell: ({ caCertificateId, mode }) => (
            <AuthorityLink caCertificateId={caCertificateId} mode={mode} />
          ),
        },
      ]}
    />
  )
}

/** Names of things as links; the first few stand for many. */
function ThingLinks({ thingNames }: Pick<CertificateRow, 'thingNames'>): ReactNode {
  if (thingNames.length === 0) return 'none'
  const shown = thingNames.slice(0, 3)
  return (
    <>
      {shown.map((name) => (
        <div key={name}>
          <PageLink to={`/things/${encodeURIComponent(name)}`}>{name}</PageLink>
        </div>
      ))}
      {thingNames.length > shown.length ? `${thingNames.length - shown.length} more` : null}
    </>
  )
}

/** Who vouches for a certificate. */
export function AuthorityLink({
  caCertificateId,
  mode,
}: Pick<CertificateRow, 'caCertificateId' | 'mode'>): ReactNode {
  if (caCertificateId !== undefined && caCertificateId !== '') {
    return (
      <PageLink to={`/certificates/authorities/${caCertificateId}`}>
        {caCertificateId.slice(0, 12)}…
      </PageLink>
    )
  }
  return mode === 'SNI_ONLY' ? 'registered without one' : 'AWS IoT'
}

/** The server finds certificates by their whole id alone. */
function FindCertificate(): ReactNode {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const id = typed.trim()
  const isId = /^[0-9a-f]{64}$/.test(id)
  const go = (): void => {
    if (isId) void navigate(`/certificates/${id}`)
  }
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Input
        type="search"
        ariaLabel="Certificate ID"
        placeholder="Certificate ID"
        value={typed}
        onChange={({ detail }) => setTyped(detail.value)}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') go()
        }}
      />
      <Button disabled={!isId} disabledReason="An ID has 64 hexadecimal digits." onClick={go}>
        Open
      </Button>
    </SpaceBetween>
  )
}

function AuthorityFilter(props: {
  readonly chosen: string
  readonly onChoose: (caCertificateId: string) => void
}): ReactNode {
  const { chosen, onChoose } = props
  const authorities = useAuthorities()
  const options: readonly SelectProps.Option[] = [
    { value: '', label: 'Any authority' },
    ...(authorities.data ?? []).map(({ certificateId = '' }) => ({
      value: certificateId,
      label: `Authority ${certificateId.slice(0, 12)}…`,
    })),
  ]
  if (options.length === 1) return null
  return (
    <Select
      ariaLabel="Authority"
      options={options}
      selectedOption={options.find(({ value }) => value === chosen) ?? null}
      onChange={({ detail }) => onChoose(detail.selectedOption.value ?? '')}
    />
  )
}
