/** The fleet by behaviour and protocol, and what went wrong in it. */
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { EmptyList } from '../ui/list-states.tsx'
import { troubles, type Trouble } from './troubles.ts'
import type { BehaviourCount, SimulatorState } from './simulator-state.ts'

export function FleetTables({ fleet }: { readonly fleet: SimulatorState }): ReactNode {
  const protocols = fleet.byProtocol.map(({ protocol, devices }): BehaviourCount => ({
    behaviour: protocol.toUpperCase(),
    devices,
    share: fleet.devices === 0 ? 0 : devices / fleet.devices,
  }))
  return (
    <Grid
      gridDefinition={[
        { colspan: { default: 12, s: 7 } },
        { colspan: { default: 12, s: 5 } },
        { colspan: 12 },
      ]}
    >
      <Shares title="Behaviours" header="Behaviour" items={fleet.byBehaviour} />
      <Shares title="Protocols" header="Protocol" items={protocols} />
      <Troubles troubles={troubles(fleet)} />
    </Grid>
  )
}

interface SharesProps {
  readonly title: string
  readonly header: string
  readonly items: readonly BehaviourCount[]
}

function Shares({ title, header, items }: SharesProps): ReactNode {
  return (
    <Table<BehaviourCount>
      items={items}
      trackBy={({ behaviour }) => behaviour}
      variant="container"
      ariaLabels={{ tableLabel: title }}
      header={
        <Header variant="h2" counter={`(${items.length})`}>
          {title}
        </Header>
      }
      empty={<EmptyList sentence="There are no devices." />}
      columnDefinitions={[
        {
          id: 'behaviour',
          header,
          isRowHeader: true,
          cell: ({ behaviour }) => behaviour,
        },
        {
          id: 'devices',
          header: 'Devices',
          cell: ({ devices }) => devices.toLocaleString(),
        },
        {
          id: 'share',
          header: 'Share',
          minWidth: 160,
          cell: ({ share, behaviour }) => (
            <ProgressBar value={share * 100} ariaLabel={`Share of ${behaviour}`} />
          ),
        },
      ]}
    />
  )
}

function Troubles({ troubles }: { readonly troubles: readonly Trouble[] }): ReactNode {
  return (
    <Table<Trouble>
      items={troubles}
      trackBy={({ kind, what }) => `${kind}/${what}`}
      variant="container"
      wrapLines
      ariaLabels={{ tableLabel: 'What went wrong' }}
      header={
        <Header variant="h2" counter={`(${troubles.length})`}>
          What went wrong
        </Header>
      }
      empty={<EmptyList sentence="Nothing: no fault, no error, no refusal." />}
      columnDefinitions={troubleColumns}
    />
  )
}

const troubleColumns: readonly TableProps.ColumnDefinition<Trouble>[] = [
  { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
  { id: 'what', header: 'What', isRowHeader: true, cell: ({ what }) => what },
  { id: 'times', header: 'Times', cell: ({ times }) => times.toLocaleString() },
]
