/** Sets the network faults of the fleet while it runs. */
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNotices } from '../ui/notices.tsx'
import { networkChange, networkProblem, networkTyped, type NetworkTyped } from './knobs-form.ts'
import { useChange } from './simulator-queries.ts'
import type { Network } from './simulator-state.ts'

interface Props {
  readonly client: AdminClient
  /** What was set before. */
  readonly network: Network | null
}

const fields: readonly {
  readonly name: keyof NetworkTyped
  readonly label: string
  readonly description: string
}[] = [
  {
    name: 'latencyMilliseconds',
    label: 'Latency, milliseconds',
    description: 'One way, each way.',
  },
  {
    name: 'flappingEverySeconds',
    label: 'Connection cut every, seconds',
    description: 'The device connects again.',
  },
  {
    name: 'offlineEverySeconds',
    label: 'Offline every, seconds',
    description: 'The connection is cut and none can be made.',
  },
  { name: 'offlineForSeconds', label: 'Offline for, seconds', description: 'Then it is back.' },
  {
    name: 'halfOpenEverySeconds',
    label: 'Half open every, seconds',
    description: 'Packets vanish while both ends believe in the connection.',
  },
  { name: 'halfOpenForSeconds', label: 'Half open for, seconds', description: 'Then they arrive.' },
  {
    name: 'bytesPerSecond',
    label: 'Slow reader, bytes a second',
    description: 'What arrives is read no faster.',
  },
]

export function NetworkFaults({ client, network }: Props): ReactNode {
  const { tell } = useNotices()
  const [typed, setTyped] = useState(() => networkTyped(network))
  const change = useChange(client, () => tell('The fleet’s network faults were changed.'))
  const problems = fields.map(({ name }) => networkProblem(typed, name))
  const isWrong = problems.some((problem) => problem !== undefined)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="They hold from a device’s next connection at the latest."
          actions={
            <Button
              disabled={network === null}
              disabledReason="None are set."
              onClick={() => {
                setTyped(networkTyped(null))
                change.mutate({ network: null })
              }}
            >
              End all faults
            </Button>
          }
        >
          Network faults
        </Header>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!isWrong) change.mutate({ network: networkChange(typed) })
        }}
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            {fields.map(({ name, label, description }, index) => (
              <FormField
                key={name}
                label={label}
                description={description}
                errorText={problems[index]}
              >
                <Input
                  value={typed[name]}
                  inputMode="decimal"
                  placeholder="off"
                  onChange={({ detail }) => setTyped({ ...typed, [name]: detail.value })}
                />
              </FormField>
            ))}
          </ColumnLayout>
          <Button formAction="submit" loading={change.isPending}>
            Set network faults
          </Button>
          {change.error ? <ErrorNotice error={change.error} /> : null}
        </SpaceBetween>
      </form>
    </Container>
  )
}
