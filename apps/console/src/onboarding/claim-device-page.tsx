import { DescribeThingCommand } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { withDataEndpoint } from '../aws/data-endpoint.ts'
import { mqttUrl } from '../aws/mqtt-url.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useLinkedText } from '../ui/linked-state.ts'
import { Page } from '../ui/page.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { claimDevice, claimKey, type ClaimedDevice, type WireMessage } from './claim-wire.ts'
import { ConnectDevice } from './connect-device.tsx'
import { KeySourceField, keyRefusal } from './key-source-field.tsx'
import { canMakeKeys, type KeySource } from './new-certificate.ts'
import { parametersOf } from './template-body.ts'
import { useTemplate, useTemplates } from './template-queries.ts'
import { Wire } from './wire.tsx'

/** A device that was claimed, with the ARN that its first job needs. */
interface Claimed extends ClaimedDevice {
  readonly thingArn: string
}

/** Plays a device that introduces itself: fleet provisioning, message by message. */
export function ClaimDevicePage(): ReactNode {
  const { iot, session, keys } = useSignedIn()
  const [templateName, setTemplateName] = useLinkedText('template')
  const template = useTemplate(templateName)
  const [given, give] = useState<Readonly<Record<string, string>>>({})
  const [source, setSource] = useState<KeySource>(() => (canMakeKeys() ? 'page' : 'service'))
  const [csrPem, setCsr] = useState('')
  const [wire, setWire] = useState<readonly WireMessage[]>([])
  const parameters = parametersOf(template.data?.templateBody ?? '')
  const missing = parameters.find(({ name, byDefault }) => byDefault === undefined && !given[name])
  const claiming = useMutation({
    mutationFn: async (): Promise<Claimed> => {
      setWire([])
      const commonName = (given['ThingName'] ?? 'device').slice(0, 64)
      const key = await claimKey(source, commonName, csrPem)
      const there = await withDataEndpoint(session, iot)
      const url = await mqttUrl({ ...there, ...(await keys.current()) }, new Date())
      const claimed = await claimDevice({
        url,
        templateName,
        ...key,
        parameters: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
        onWire: (message) => setWire((before) => [...before, message]),
      })
      const { thingName } = claimed
      const thing = await iot.send(new DescribeThingCommand({ thingName }))
      return { ...claimed, thingArn: thing.thingArn ?? '' }
    },
  })
  const claimed = claiming.data
  const refusal =
    templateName === ''
      ? 'Choose a template.'
      : (keyRefusal(source, csrPem) ?? (missing ? `Give ${missing.name} a value.` : undefined))
  return (
    <Page
      title="Claim a device"
      description="Fleet provisioning: a device buys its own certificate, and a template says what becomes of it."
      above={[{ text: 'Onboarding', path: '/onboarding' }]}
    >
      <Alert type="info">
        A device does this with a claim certificate over mutual TLS, which a page cannot choose:
        this page sends the same messages over MQTT over WebSocket, signed with your keys.{' '}
        <PageLink to="/onboarding?tab=templates">Claim certificates for real devices</PageLink> are
        made on the page of a template.
      </Alert>
      <Container header={<Header variant="h2">1. The device</Header>}>
        <SpaceBetween size="l">
          <TemplateField chosen={templateName} onChoose={setTemplateName} />
          {template.error ? <ErrorNotice error={template.error} /> : null}
          {parameters.map(({ name, byDefault }) => (
            <FormField
              key={name}
              label={name}
              description={byDefault === undefined ? '' : `${byDefault} where it is left empty.`}
            >
              <Input
                value={given[name] ?? ''}
                onChange={({ detail }) => give({ ...given, [name]: detail.value })}
              />
            </FormField>
          ))}
          <KeySourceField source={source} onSource={setSource} csrPem={csrPem} onCsr={setCsr} />
          <Button
            variant="primary"
            loading={claiming.isPending}
            disabled={refusal !== undefined || claimed !== undefined}
            disabledReason={refusal ?? 'The device is claimed.'}
            onClick={() => claiming.mutate()}
          >
            Claim device
          </Button>
          {wire.length > 0 ? <Wire messages={wire} /> : null}
          {claiming.error ? <ErrorNotice error={claiming.error} /> : null}
          {claimed ? (
            <div role="status">
              <Alert type="success">
                It is thing{' '}
                <PageLink to={`/things/${encodeURIComponent(claimed.thingName)}`}>
                  {claimed.thingName}
                </PageLink>{' '}
                with{' '}
                <PageLink to={`/certificates/${claimed.certificate.certificateId}`}>
                  a certificate of its own
                </PageLink>
                .
              </Alert>
            </div>
          ) : null}
        </SpaceBetween>
      </Container>
      {claimed ? <ConnectDevice {...claimed} /> : null}
    </Page>
  )
}

function TemplateField(props: {
  readonly chosen: string
  readonly onChoose: (templateName: string) => void
}): ReactNode {
  const { chosen, onChoose } = props
  const templates = useTemplates()
  const options = (templates.data ?? [])
    .filter(({ type }) => type !== 'JITP')
    .map(({ templateName = '', enabled }): SelectProps.Option => ({
      value: templateName,
      label: templateName,
      ...(enabled ? {} : { disabled: true, disabledReason: 'It is disabled.' }),
    }))
  return (
    <FormField
      label="Provisioning template"
      info={<PageLink to="/onboarding/create-template">Create a template</PageLink>}
    >
      <Select
        options={options}
        filteringType="auto"
        statusType={templates.isLoading ? 'loading' : 'finished'}
        selectedOption={options.find(({ value }) => value === chosen) ?? null}
        onChange={({ detail }) => onChoose(detail.selectedOption.value ?? '')}
        placeholder="Choose a template"
        empty="There is no template yet"
      />
    </FormField>
  )
}
