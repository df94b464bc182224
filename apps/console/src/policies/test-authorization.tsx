/** Asks the server what a principal may do (TestAuthorization), and shows the statements that matched. */
import { TestAuthorizationCommand, type ActionType, type AuthResult } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import type { Explanation } from '@muster/policy'
import { useMemo, useState, type ReactNode } from 'react'
import { arnAccount, arnName, iotArn } from '../aws/arn.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { explainHere } from './evaluate.ts'
import { ExplanationView } from './explanation-view.tsx'
import { principalFacts, useAttachedThings } from './principal-facts.ts'
import { verdictOf } from './verdict.ts'

/** AWS's action types with the policy's action and the type of its resource. */
const actions: Readonly<Record<ActionType, readonly [action: string, type: string]>> = {
  CONNECT: ['iot:Connect', 'client'],
  PUBLISH: ['iot:Publish', 'topic'],
  SUBSCRIBE: ['iot:Subscribe', 'topicfilter'],
  RECEIVE: ['iot:Receive', 'topic'],
}

interface Props {
  /** Certificate ARNs and Cognito identities to choose from. */
  readonly principals: readonly string[]
  /** An ARN of the account, where the principals are none. */
  readonly accountArn: string
}

interface Tried {
  readonly result: AuthResult
  readonly explanation: Explanation | string
}

export function TestAuthorization({ principals, accountArn }: Props): ReactNode {
  const { iot } = useSignedIn()
  const [chosen, setPrincipal] = useState<string>()
  const principal = chosen ?? principals[0] ?? ''
  const things = useAttachedThings(principal)
  const [typedClientId, setClientId] = useState<string>()
  // Devices connect under their thing's name, or its variables have no value.
  const clientId = typedClientId ?? things.data?.[0]?.thingName ?? ''
  const [actionType, setActionType] = useState<ActionType>('PUBLISH')
  const [resource, setResource] = useState('')
  const [action, type] = actions[actionType]
  const trying = useMutation({
    mutationFn: async (): Promise<Tried> => {
      const authInfos = [{ actionType, resources: [resource] }]
      const asked = { principal, authInfos, ...(clientId === '' ? {} : { clientId }) }
      const { authResults = [] } = await iot.send(new TestAuthorizationCommand(asked))
      const [result] = authResults
      if (result === undefined) throw new Error('The server answered with no result.')
      const facts = await principalFacts(iot, { principal, clientId: clientId || undefined })
      const account = arnAccount(accountArn) ?? { partition: 'aws', region: '', accountId: '' }
      const explanation = explainHere(
        facts.policies,
        {
          protocol: 'mqtt',
          clientId: clientId || undefined,
          attached: facts.attached,
          certificateId: arnName('cert', principal),
        },
        {
          account,
          action,
          resource: resource.startsWith('arn:') ? resource : iotArn(account, `${type}/${resource}`),
        },
      )
      return { result, explanation }
    },
  })
  const options = useMemo(
    () => principals.map((value): SelectProps.Option => ({ value, label: shown(value) })),
    [principals],
  )
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="The server decides with the policies as they are now (TestAuthorization)."
        >
          Try it
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ColumnLayout columns={2}>
          <FormField label="Principal">
            <Select
              options={options}
              filteringType="auto"
              virtualScroll
              selectedOption={options.find(({ value }) => value === principal) ?? null}
              onChange={({ detail }) => setPrincipal(detail.selectedOption.value ?? '')}
              placeholder="Choose a certificate or identity"
              empty="Nothing is attached"
            />
          </FormField>
          <FormField label="Client ID" description="Thing variables need the thing’s name.">
            <Input value={clientId} onChange={({ detail }) => setClientId(detail.value)} />
          </FormField>
          <FormField label="Action">
            <Select
              options={Object.entries(actions).map(([value, [label]]) => ({ value, label }))}
              selectedOption={{ value: actionType, label: action }}
              onChange={({ detail }) => setActionType(detail.selectedOption.value as ActionType)}
            />
          </FormField>
          <FormField label="Resource" description={`ARN, or what follows ${type}/ in it.`}>
            <Input
              value={resource}
              onChange={({ detail }) => setResource(detail.value)}
              placeholder={`${type}/…`}
            />
          </FormField>
        </ColumnLayout>
        <Button
          onClick={() => trying.mutate()}
          loading={trying.isPending}
          disabled={principal === '' || resource === ''}
          disabledReason={principal === '' ? 'Choose a principal.' : 'Name the resource.'}
        >
          Try
        </Button>
        {trying.error ? <ErrorNotice error={trying.error} /> : null}
        {trying.data ? <Verdict {...trying.data} /> : null}
      </SpaceBetween>
    </Container>
  )
}

function shown(principal: string): string {
  const certificateId = arnName('cert', principal)
  return certificateId === undefined ? principal : `Certificate ${certificateId.slice(0, 12)}…`
}

function Verdict({ result, explanation }: Tried): ReactNode {
  const { type, header, sentence } = verdictOf(result)
  return (
    <SpaceBetween size="m">
      <div role="status">
        <Alert type={type} header={header}>
          {sentence}
        </Alert>
      </div>
      {typeof explanation === 'string' ? (
        <Alert type="warning">{explanation}</Alert>
      ) : (
        <ExplanationView explanation={explanation} />
      )}
    </SpaceBetween>
  )
}
