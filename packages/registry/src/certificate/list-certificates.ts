/**
 * Lists of certificates, newest first unless asked otherwise, by marker and page size
 * (gateway G82).
 */
import type {
  Certificate,
  ListCertificatesByCARequest,
  ListCertificatesByCAResponse,
  ListCertificatesRequest,
  ListCertificatesResponse,
  ListOutgoingCertificatesRequest,
  ListOutgoingCertificatesResponse,
  OutgoingCertificate,
} from '@aws-sdk/client-iot'
import { accept, present, type Outcome } from '@muster/model'
import { page, type Page } from '../paging/page.ts'
import type { SortedNames } from '../paging/sorted-names.ts'
import type { RegistryState } from '../state/registry-state.ts'
import type { CertificateRecord } from './certificate-record.ts'
import { idInAgeKey } from './certificate-state.ts'

const BAD_MARKER_BY_CA = 'Invalid/Malformed marker passed for listCertificateByCA'

/** The members by which these lists are paged. */
export interface MarkerRequest {
  readonly pageSize?: number | undefined
  readonly marker?: string | undefined
  readonly ascendingOrder?: boolean | undefined
}

/** ListCertificates: all but the claims of trusted users (gateway G106). */
export function listCertificates(
  state: RegistryState,
  input: ListCertificatesRequest,
): Outcome<ListCertificatesResponse> {
  const { byAge, certificates } = state.certificates
  return answer(
    markedPage('ListCertificates', input, byAge, (id) => certificates.get(id), certificateItem),
  )
}

/**
 * ListCertificatesByCA (gateway G134): registered through that authority, in whatever status; an
 * unknown one gives an empty list.
 */
export function listCertificatesByCA(
  state: RegistryState,
  input: ListCertificatesByCARequest,
): Outcome<ListCertificatesByCAResponse> {
  const { byCa, certificates } = state.certificates
  const caCertificateId = input.caCertificateId?.toLowerCase() ?? ''
  const scope = `ListCertificatesByCA/${caCertificateId}`
  const keys = byCa.get(caCertificateId)
  return answer(
    markedPage(scope, input, keys, (id) => certificates.get(id), certificateItem, BAD_MARKER_BY_CA),
  )
}

/** ListOutgoingCertificates: transfers offered and not yet answered (gateway G95). */
export function listOutgoingCertificates(
  state: RegistryState,
  input: ListOutgoingCertificatesRequest,
): Outcome<ListOutgoingCertificatesResponse> {
  const { outgoing, certificates } = state.certificates
  const paged = markedPage(
    'ListOutgoingCertificates',
    input,
    outgoing,
    (id) => certificates.get(id),
    outgoingItem,
  )
  if (!paged.ok) return paged
  const { items, next } = paged.value
  return accept({
    outgoingCertificates: items,
    ...present({ nextMarker: next }),
  })
}

/**
 * One page of records listed by age.
 *
 * @param scope - the list; markers of others are refused
 * @param badToken - what the operation says of a bad marker, where AWS's words are known
 * @returns InvalidRequestException for a bad marker or page size
 */
export function markedPage<Row, Item>(
  scope: string,
  input: MarkerRequest,
  keys: SortedNames,
  rowOf: (id: string) => Row | undefined,
  itemOf: (row: Row) => Item,
  badToken?: string,
): Outcome<Page<Item>> {
  const ascending = input.ascendingOrder === true
  const paged = page(
    {
      scope: `${scope}/${ascending ? 'ascending' : 'descending'}`,
      token: input.marker === undefined ? undefined : tokenOfMarker(input.marker),
      size: input.pageSize,
      ...present({ badToken }),
    },
    (last) => (ascending ? keys.after(last) : keys.before(last)),
    (key) => {
      const row = rowOf(idInAgeKey(key))
      return row === undefined ? undefined : itemOf(row)
    },
  )
  if (!paged.ok || paged.value.next === undefined) return paged
  return accept({ items: paged.value.items, next: markerOfToken(paged.value.next) })
}

// Markers must match [A-Za-z0-9+/]+={0,2}; the registry's tokens are URL-safe base64.
function markerOfToken(token: string): string {
  return token.replaceAll('-', '+').replaceAll('_', '/')
}

function tokenOfMarker(marker: string): string {
  return marker.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function answer(paged: Outcome<Page<Certificate>>): Outcome<ListCertificatesResponse> {
  if (!paged.ok) return paged
  const { items, next } = paged.value
  return accept({ certificates: items, ...(next === undefined ? {} : { nextMarker: next }) })
}

function certificateItem(record: CertificateRecord): Certificate {
  return {
    certificateArn: record.certificateArn,
    certificateId: record.certificateId,
    status: record.status,
    certificateMode: record.certificateMode,
    creationDate: new Date(record.createdAtMs),
  }
}

function outgoingItem(record: CertificateRecord): OutgoingCertificate {
  const { certificateArn, certificateId, createdAtMs, transfer } = record
  return {
    certificateArn,
    certificateId,
    creationDate: new Date(createdAtMs),
    ...(transfer === undefined
      ? {}
      : {
          transferredTo: transfer.targetAccountId,
          transferDate: new Date(transfer.transferredAtMs),
          ...present({ transferMessage: transfer.message }),
        }),
  }
}
