/** What a device needs of its certificate, as files. */
import Alert from '@cloudscape-design/components/alert'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { DownloadButton } from '../ui/download-button.tsx'
import { useDeviceEndpoint } from './device-endpoint.ts'
import type { NewCertificate } from './new-certificate.ts'

interface Props {
  readonly certificate: Pick<NewCertificate, 'certificatePem' | 'privateKeyPem'>
  /** Begins the names of the files: the thing's name. */
  readonly fileStem: string
}

/** Names of a device's files, in the folder where they are downloaded to. */
export function fileNames(stem: string): { readonly certificate: string; readonly key: string } {
  const safe = stem.replaceAll(/[^\w-]/g, '-')
  return { certificate: `${safe}.pem`, key: `${safe}.key` }
}

export function CertificateFiles({ certificate, fileStem }: Props): ReactNode {
  const { certificatePem, privateKeyPem } = certificate
  const endpoint = useDeviceEndpoint()
  const names = fileNames(fileStem)
  const caPem = endpoint.data?.caPem
  return (
    <SpaceBetween size="m">
      {privateKeyPem === undefined ? null : (
        <Alert type="info">
          Download the key now: this page alone has it, and forgets it when it is left.
        </Alert>
      )}
      <SpaceBetween direction="horizontal" size="xs">
        <DownloadButton fileName={names.certificate} text={certificatePem}>
          Download certificate
        </DownloadButton>
        {privateKeyPem === undefined ? null : (
          <DownloadButton fileName={names.key} text={privateKeyPem}>
            Download private key
          </DownloadButton>
        )}
        {caPem === undefined ? null : (
          <DownloadButton fileName="ca.pem" text={caPem}>
            Download server authority
          </DownloadButton>
        )}
      </SpaceBetween>
    </SpaceBetween>
  )
}
