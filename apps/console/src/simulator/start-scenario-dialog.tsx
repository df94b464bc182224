/** Starts a scenario. */
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { useServerClock } from '../admin/server-clock.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { numberIn } from './knobs-form.ts'
import { startScenario, useRefreshSimulator, useScenarios } from './simulator-queries.ts'

interface Props {
  readonly client: AdminClient
  readonly onClose: () => void
}

export function StartScenarioDialog({ client, onClose }: Props): ReactNode {
  const { tell } = useNotices()
  const scenarios = useScenarios(client)
  const clock = useServerClock()
  const refresh = useRefreshSimulator()
  const [name, setName] = useState<string>()
  const [devices, setDevices] = useState('')
  const [seed, setSeed] = useState('')
  const scenario = (scenarios.data ?? []).find((one) => one.name === name)
  const needsOther = scenario?.needsVirtualClock === true && clock?.mode !== 'virtual'
  const problems = {
    scenario: scenario
      ? needsOther
        ? 'It moves the clock by itself: this server’s clock is not virtual.'
        : undefined
      : 'Choose a scenario.',
    devices: wholeProblem(devices, 1),
    seed: wholeProblem(seed, 0),
  }
  return (
    <FormDialog
      title="Start scenario"
      verb="Start"
      isWrong={Object.values(problems).some((problem) => problem !== undefined)}
      act={() =>
        startScenario(client, {
          scenario: scenario?.name ?? '',
          ...(devices === '' ? {} : { devices: Number(devices) }),
          ...(seed === '' ? {} : { seed: Number(seed) }),
        })
      }
      onDone={() => {
        tell(`Scenario ${scenario?.name ?? ''} was started.`)
        refresh()
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <SpaceBetween size="m">
          {scenarios.error ? <ErrorNotice error={scenarios.error} /> : null}
          <FormField
            label="Scenario"
            description={scenario?.description}
            errorText={shown || needsOther ? problems.scenario : undefined}
            stretch
          >
            <Select
              selectedOption={scenario ? { label: scenario.name, value: scenario.name } : null}
              options={(scenarios.data ?? []).map((one) => ({
                label: one.name,
                value: one.name,
                ...(one.description === null ? {} : { description: one.description }),
              }))}
              placeholder="Choose a scenario"
              statusType={scenarios.isPending ? 'loading' : 'finished'}
              onChange={({ detail }) => setName(detail.selectedOption.value)}
              expandToViewport
            />
          </FormField>
          <FormField
            label="Devices"
            description="Nothing: as many as the scenario has."
            errorText={shown ? problems.devices : undefined}
            stretch
          >
            <Input
              value={devices}
              inputMode="numeric"
              placeholder={scenario ? String(scenario.devices) : ''}
              onChange={({ detail }) => setDevices(detail.value.trim())}
            />
          </FormField>
          <FormField
            label="Seed"
            description="The same seed gives the same fleet."
            errorText={shown ? problems.seed : undefined}
            stretch
          >
            <Input
              value={seed}
              inputMode="numeric"
              placeholder="1"
              onChange={({ detail }) => setSeed(detail.value.trim())}
            />
          </FormField>
        </SpaceBetween>
      )}
    </FormDialog>
  )
}

function wholeProblem(text: string, least: number): string | undefined {
  if (text === '') return undefined
  return Number.isInteger(numberIn(text, least)) ? undefined : `Enter a whole number from ${least}.`
}
