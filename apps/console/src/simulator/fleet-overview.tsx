/** The fleet in numbers: its size, who is connected, how fast it is. */
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import StatusIndicator, {
  type StatusIndicatorProps,
} from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import { PageLink } from '../ui/page-link.tsx'
import { duration } from '../ui/relative-time.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import type { SimulatorPhase, SimulatorState } from './simulator-state.ts'

const phases: Readonly<Record<SimulatorPhase, StatusIndicatorProps.Type>> = {
  stopped: 'stopped',
  onboarding: 'in-progress',
  connecting: 'in-progress',
  rollout: 'in-progress',
  running: 'success',
  stopping: 'in-progress',
}

interface OverviewProps {
  readonly fleet: SimulatorState
  readonly actions: ReactNode
}

export function FleetOverview({ fleet, actions }: OverviewProps): ReactNode {
  const { scenario, thingGroup, job, devices } = fleet
  return (
    <Container
      header={
        <Header variant="h2" actions={actions}>
          Fleet
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: 'State',
            value: <StatusIndicator type={phases[fleet.state]}>{fleet.state}</StatusIndicator>,
          },
          { label: 'Scenario', value: scenario ?? '–' },
          {
            label: 'Thing group',
            value:
              thingGroup === null ? (
                '–'
              ) : (
                <PageLink to={`/groups/${encodeURIComponent(thingGroup)}`}>{thingGroup}</PageLink>
              ),
          },
          {
            label: 'Job of the scenario',
            value:
              job === null ? (
                '–'
              ) : (
                <>
                  <PageLink to={`/jobs/${encodeURIComponent(job.jobId)}`}>{job.jobId}</PageLink>{' '}
                  <StatusBadge status={job.status} />
                </>
              ),
          },
          { label: 'Devices', value: devices.toLocaleString() },
          {
            label: 'Onboarded',
            value: <Share of={fleet.onboarded} all={devices} what="onboarded" />,
          },
          {
            label: 'Connected',
            value: <Share of={fleet.connected} all={devices} what="connected" />,
          },
          { label: 'Executions at work', value: fleet.running.toLocaleString() },
        ]}
      />
    </Container>
  )
}

interface ShareProps {
  readonly of: number
  readonly all: number
  readonly what: string
}

function Share({ of, all, what }: ShareProps): ReactNode {
  return (
    <ProgressBar
      variant="key-value"
      value={all === 0 ? 0 : Math.floor((100 * of) / all)}
      ariaLabel={`Devices ${what}`}
      additionalInfo={`${of.toLocaleString()} of ${all.toLocaleString()}`}
    />
  )
}

/** Latencies and totals since the scenario began. */
export function FleetTotals({ fleet }: { readonly fleet: SimulatorState }): ReactNode {
  const { p50, p95, p99, count } = fleet.notifyToSuccessMs
  return (
    <Container
      header={
        <Header variant="h2" description="Since the scenario began.">
          Latency and totals
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Notified to succeeded, median', value: latency(p50) },
          { label: '95th percentile', value: latency(p95) },
          { label: '99th percentile', value: latency(p99) },
          { label: 'Measured', value: count.toLocaleString() },
          ...Object.entries(fleet.totals).map(([name, total]) => ({
            label: totalNames[name] ?? name,
            value: total.toLocaleString(),
          })),
        ]}
      />
    </Container>
  )
}

const totalNames: Readonly<Record<string, string>> = {
  connects: 'Connects',
  reconnects: 'Reconnects',
  disconnects: 'Disconnects',
  started: 'Executions started',
  succeeded: 'Succeeded',
  failed: 'Failed',
  rejected: 'Rejected',
  cancelled: 'Canceled',
  denied: 'Denials not expected',
  expectedDenials: 'Denials expected',
  errors: 'Errors',
}

function latency(milliseconds: number | null): string {
  return milliseconds === null ? '–' : duration(milliseconds)
}
