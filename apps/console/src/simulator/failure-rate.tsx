/** Sets how many devices fail their next executions. */
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Slider from '@cloudscape-design/components/slider'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNotices } from '../ui/notices.tsx'
import { numberIn } from './knobs-form.ts'
import { useChange } from './simulator-queries.ts'

export function FailureRate({ client }: { readonly client: AdminClient }): ReactNode {
  const { tell } = useNotices()
  const [percent, setPercent] = useState('10')
  const change = useChange(client, () => tell(`Now ${percent} percent of the devices fail.`))
  const value = numberIn(percent, 0, 100)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Executions that are at work go on as they are; the next ones fail at this rate."
        >
          Failure rate
        </Header>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (value !== undefined) change.mutate({ failureRate: value / 100 })
        }}
      >
        <SpaceBetween size="m">
          <Slider
            ariaLabel="Failure rate, percent"
            min={0}
            max={100}
            value={value ?? 0}
            valueFormatter={(shown) => `${shown} %`}
            onChange={({ detail }) => setPercent(String(detail.value))}
          />
          <FormField
            label="Percent of devices that fail"
            errorText={value === undefined ? 'Enter a number from 0 to 100.' : undefined}
            secondaryControl={
              <Button formAction="submit" loading={change.isPending}>
                Set failure rate
              </Button>
            }
          >
            <Input
              type="number"
              inputMode="numeric"
              value={percent}
              onChange={({ detail }) => setPercent(detail.value)}
            />
          </FormField>
          {change.error ? <ErrorNotice error={change.error} /> : null}
        </SpaceBetween>
      </form>
    </Container>
  )
}
