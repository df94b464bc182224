import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useAdmin } from '../admin/admin-context.tsx'
import { usePolicies } from '../policies/policy-queries.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { StepList } from '../ui/step-list.tsx'
import { useSteps } from '../ui/use-steps.ts'
import { ConnectDevice } from './connect-device.tsx'
import { KeySourceField, keyRefusal } from './key-source-field.tsx'
import { making, sharedPolicy, thingNameFault } from './making.ts'
import { canMakeKeys, type KeySource, type NewCertificate } from './new-certificate.ts'

/** Makes a device: each operation is shown, then its files, its connection and its first job. */
export function MakeDevicePage(): ReactNode {
  const { iot } = useSignedIn()
  const { client, state } = useAdmin()
  const policies = usePolicies()
  const [thingName, setThingName] = useState('')
  const [source, setSource] = useState<KeySource>(() => (canMakeKeys() ? 'page' : 'service'))
  const [csrPem, setCsr] = useState('')
  const [policyName, setPolicyName] = useState(sharedPolicy)
  const [thingArn, setThingArn] = useState('')
  const [certificate, setCertificate] = useState<NewCertificate>()
  const running = useSteps()
  const isBegun = running.steps.length > 0
  const isThere = policies.data?.some((policy) => policy.policyName === policyName)
  const nameFault = thingNameFault(thingName)
  const refusal =
    isThere === undefined ? 'Its policy is looked for.' : (nameFault ?? keyRefusal(source, csrPem))
  const begin = (): void =>
    void running.run(
      making(iot, {
        thingName,
        source,
        csrPem,
        policyName,
        makesPolicy: isThere === false,
        // One that is still asked for may be there.
        ...((state.name === 'present' || state.name === 'asking') && { admin: client }),
        onThing: setThingArn,
        onCertificate: setCertificate,
      }),
    )
  return (
    <Page title="Make a device" above={[{ text: 'Onboarding', path: '/onboarding' }]}>
      {policies.error ? <ErrorNotice error={policies.error} /> : null}
      <Container header={<Header variant="h2">1. The device</Header>}>
        {isBegun ? (
          <StepList label="Making the device" running={running} />
        ) : (
          <SpaceBetween size="l">
            <FormField
              label="Thing name"
              description="It is its client ID too."
              errorText={thingName === '' ? undefined : nameFault}
            >
              <Input value={thingName} onChange={({ detail }) => setThingName(detail.value)} />
            </FormField>
            <KeySourceField source={source} onSource={setSource} csrPem={csrPem} onCsr={setCsr} />
            <PolicyField
              names={(policies.data ?? []).map((policy) => policy.policyName ?? '')}
              chosen={policyName}
              onChoose={setPolicyName}
            />
            <Button
              variant="primary"
              disabled={refusal !== undefined}
              {...(refusal === undefined ? {} : { disabledReason: refusal })}
              onClick={begin}
            >
              Make device
            </Button>
          </SpaceBetween>
        )}
      </Container>
      {certificate && running.isDone ? (
        <ConnectDevice thingName={thingName} thingArn={thingArn} certificate={certificate} />
      ) : null}
    </Page>
  )
}

function PolicyField(props: {
  readonly names: readonly string[]
  readonly chosen: string
  readonly onChoose: (policyName: string) => void
}): ReactNode {
  const { names, chosen, onChoose } = props
  const isThere = names.includes(sharedPolicy)
  const options: readonly SelectProps.Option[] = [
    {
      value: sharedPolicy,
      label: sharedPolicy,
      description: `Connect as itself and work on its jobs${isThere ? '' : '; made with this device'}.`,
    },
    ...names.filter((name) => name !== sharedPolicy).map((value) => ({ value, label: value })),
  ]
  return (
    <FormField label="Policy">
      <Select
        options={options}
        filteringType="auto"
        selectedOption={options.find(({ value }) => value === chosen) ?? null}
        onChange={({ detail }) => onChoose(detail.selectedOption.value ?? sharedPolicy)}
      />
    </FormField>
  )
}
