/** What the pages of certificates read. */
import {
  DescribeCACertificateCommand,
  DescribeCertificateCommand,
  ListCertificatesByCACommand,
  ListCertificatesCommand,
  paginateListCACertificates,
  type CACertificate,
  type Certificate,
  type CertificateDescription,
  type DescribeCACertificateResponse,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { allPages } from '../aws/all-pages.ts'
import { attachedThings } from '../policies/principal-facts.ts'
import { useSignedIn } from '../session/session-context.tsx'
import type { ServerPage } from '../ui/server-pages.ts'

/** A certificate as its list shows it. */
export interface CertificateRow {
  readonly certificateId: string
  readonly status: string
  readonly createdAt: Date | undefined
  /** `DEFAULT`, or `SNI_ONLY` for one that no authority vouches for. */
  readonly mode: string
  readonly notAfter: Date | undefined
  readonly caCertificateId: string | undefined
  readonly thingNames: readonly string[]
}

/** Certificates on a page: each costs two calls more. */
export const certificatesPerPage = 20

/**
 * One page of certificates, the newest first, each with its expiry, authority and things.
 *
 * @param caCertificateId - those of one authority; empty for all
 */
export async function certificatesPage(
  iot: IoTClient,
  caCertificateId: string,
  marker: string | undefined,
): Promise<ServerPage<CertificateRow>> {
  const asked = { pageSize: certificatesPerPage, marker, ascendingOrder: false }
  const { certificates = [], nextMarker } =
    caCertificateId === ''
      ? await iot.send(new ListCertificatesCommand(asked))
      : await iot.send(new ListCertificatesByCACommand({ ...asked, caCertificateId }))
  const items = await Promise.all(certificates.map((certificate) => rowOf(iot, certificate)))
  return { items, nextToken: nextMarker }
}

async function rowOf(iot: IoTClient, certificate: Certificate): Promise<CertificateRow> {
  const { certificateId = '', certificateArn = '', status, creationDate } = certificate
  const [described, things] = await Promise.all([
    unlessGone(describe(iot, certificateId)),
    unlessGone(attachedThings(iot, certificateArn)),
  ])
  return {
    certificateId,
    status: described?.status ?? status ?? '',
    createdAt: creationDate,
    mode: certificate.certificateMode ?? '',
    notAfter: described?.validity?.notAfter,
    caCertificateId: described?.caCertificateId,
    thingNames: (things ?? []).map(({ thingName }) => thingName),
  }
}

/** Deleted since the list was read. */
async function unlessGone<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return undefined
    throw cause
  }
}

async function describe(
  iot: IoTClient,
  certificateId: string,
): Promise<CertificateDescription | undefined> {
  const read = await iot.send(new DescribeCertificateCommand({ certificateId }))
  return read.certificateDescription
}

/** One certificate with all that there is to know about it. */
export function useCertificate(certificateId: string): UseQueryResult<CertificateDescription> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['certificate', certificateId],
    queryFn: async () => {
      const found = await describe(iot, certificateId)
      if (found === undefined) throw new Error('The server answered without the certificate.')
      return found
    },
  })
}

/** The authorities that are registered. */
export function useAuthorities(): UseQueryResult<readonly CACertificate[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['authorities'],
    queryFn: () =>
      allPages(
        paginateListCACertificates({ client: iot, pageSize: 250 }, {}),
        ({ certificates }) => certificates,
      ),
  })
}

/** One authority. */
export function useAuthority(certificateId: string): UseQueryResult<DescribeCACertificateResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['authority', certificateId],
    queryFn: () => iot.send(new DescribeCACertificateCommand({ certificateId })),
  })
}
