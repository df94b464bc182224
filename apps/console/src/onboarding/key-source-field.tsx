/** Asks who makes a device's key. */
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import type { ReactNode } from 'react'
import { canMakeKeys, type KeySource } from './new-certificate.ts'

interface Props {
  readonly source: KeySource
  readonly onSource: (source: KeySource) => void
  readonly csrPem: string
  readonly onCsr: (csrPem: string) => void
}

export function KeySourceField({ source, onSource, csrPem, onCsr }: Props): ReactNode {
  return (
    <SpaceBetween size="m">
      <FormField label="Key">
        <RadioGroup
          value={source}
          onChange={({ detail }) => onSource(detail.value as KeySource)}
          items={[
            {
              value: 'page',
              label: 'Made in this page',
              description: canMakeKeys()
                ? 'EC P-256; the key is never sent: a certificate is made for its request.'
                : 'Browsers make keys only for pages of https: or of this computer.',
              disabled: !canMakeKeys(),
            },
            {
              value: 'service',
              label: 'Made by AWS IoT',
              description: 'RSA 2048, with CreateKeysAndCertificate; the key is told once.',
            },
            {
              value: 'csr',
              label: 'Made by the device',
              description: 'Paste its certificate signing request; the device keeps its key.',
            },
          ]}
        />
      </FormField>
      {source === 'csr' ? (
        <FormField label="Certificate signing request" description="PEM" stretch>
          <Textarea
            rows={6}
            spellcheck={false}
            value={csrPem}
            onChange={({ detail }) => onCsr(detail.value)}
          />
        </FormField>
      ) : null}
    </SpaceBetween>
  )
}

/** Why no certificate can be made of what was typed. */
export function keyRefusal(source: KeySource, csrPem: string): string | undefined {
  return source === 'csr' && !csrPem.includes('CERTIFICATE REQUEST-----')
    ? 'Paste the request in PEM.'
    : undefined
}
