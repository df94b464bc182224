/** The fleet that this server runs: seen, started, stopped, and changed while it runs. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useState, type ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { NeedsAdmin } from '../admin/needs-admin.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNotices } from '../ui/notices.tsx'
import { Page } from '../ui/page.tsx'
import { ChangeSharesDialog } from './change-shares-dialog.tsx'
import { FailureRate } from './failure-rate.tsx'
import { FleetOverview, FleetTotals } from './fleet-overview.tsx'
import { FleetTables } from './fleet-tables.tsx'
import { NetworkFaults } from './network-faults.tsx'
import { RatesChart } from './rates-chart.tsx'
import { stopScenario, useRefreshSimulator, useSimulator } from './simulator-queries.ts'
import { isRunning, type SimulatorState } from './simulator-state.ts'
import { StartScenarioDialog } from './start-scenario-dialog.tsx'

export function SimulatorPage(): ReactNode {
  return (
    <Page
      title="Simulator"
      description="A fleet of virtual devices, each with a key and a certificate of its own, run by this server."
    >
      <NeedsAdmin what="The simulator is steered through Muster’s admin API.">
        {(client) => <Simulator client={client} />}
      </NeedsAdmin>
    </Page>
  )
}

function Simulator({ client }: { readonly client: AdminClient }): ReactNode {
  const simulator = useSimulator(client)
  const { data: fleet, error } = simulator
  if (fleet === null) {
    return (
      <Alert type="info" header="This server runs no simulator">
        The command <Box variant="code">start</Box> runs the server together with a fleet; this
        server runs alone. Against it, <Box variant="code">muster simulate</Box> runs a fleet from
        outside.
      </Alert>
    )
  }
  return (
    <SpaceBetween size="l">
      {error ? <ErrorNotice error={error} onRetry={() => void simulator.refetch()} /> : null}
      {fleet ? (
        <Fleet client={client} fleet={fleet} readAtMs={simulator.dataUpdatedAt} />
      ) : error ? null : (
        <Spinner />
      )}
    </SpaceBetween>
  )
}

interface FleetProps {
  readonly client: AdminClient
  readonly fleet: SimulatorState
  readonly readAtMs: number
}

function Fleet({ client, fleet, readAtMs }: FleetProps): ReactNode {
  const [open, setOpen] = useState<'start' | 'stop' | 'shares'>()
  const running = isRunning(fleet)
  const close = (): void => setOpen(undefined)
  const notRunning = 'Nothing runs: start a scenario first.'
  return (
    <SpaceBetween size="l">
      {fleet.failures.length === 0 ? null : (
        <Alert type="warning" header="It did not go as planned">
          {fleet.failures.map((failure) => (
            <div key={failure}>{failure}</div>
          ))}
        </Alert>
      )}
      <FleetOverview
        fleet={fleet}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={!running}
              disabledReason={notRunning}
              onClick={() => setOpen('shares')}
            >
              Change behaviours
            </Button>
            <Button disabled={!running} disabledReason={notRunning} onClick={() => setOpen('stop')}>
              Stop
            </Button>
            <Button
              variant="primary"
              disabled={fleet.state !== 'stopped'}
              disabledReason="A scenario runs: stop it first."
              onClick={() => setOpen('start')}
            >
              Start scenario
            </Button>
          </SpaceBetween>
        }
      />
      <RatesChart rates={fleet.ratesPerSecond} readAtMs={readAtMs} />
      <FleetTotals fleet={fleet} />
      <FleetTables fleet={fleet} />
      {running ? <FailureRate client={client} /> : null}
      {running ? <NetworkFaults client={client} network={fleet.network} /> : null}
      {open === 'start' ? <StartScenarioDialog client={client} onClose={close} /> : null}
      {open === 'shares' ? (
        <ChangeSharesDialog client={client} fleet={fleet} onClose={close} />
      ) : null}
      {open === 'stop' ? <StopDialog client={client} fleet={fleet} onClose={close} /> : null}
    </SpaceBetween>
  )
}

interface StopProps {
  readonly client: AdminClient
  readonly fleet: SimulatorState
  readonly onClose: () => void
}

function StopDialog({ client, fleet, onClose }: StopProps): ReactNode {
  const { tell } = useNotices()
  const refresh = useRefreshSimulator()
  const scenario = fleet.scenario ?? 'the fleet'
  return (
    <Confirm
      title={`Stop ${scenario}?`}
      verb="Stop"
      act={() => stopScenario(client)}
      onDone={() => {
        tell(`Scenario ${scenario} was stopped.`)
        refresh()
        onClose()
      }}
      onClose={onClose}
    >
      <Box variant="p">
        All devices disconnect. Things, certificates and jobs stay; executions that are at work wait
        for their devices.
      </Box>
    </Confirm>
  )
}
