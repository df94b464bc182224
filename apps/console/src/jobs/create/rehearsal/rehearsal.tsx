/** How the rollout goes over many seeds, and how far a bad firmware gets, before the job is created. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import type { Rehearsal as Outcome } from '@muster/rehearse'
import type UPlot from 'uplot'
import { axis, Plot, type Colour } from '../../../ui/plot.tsx'
import { duration } from '../../../ui/relative-time.ts'
import { TextField } from '../form-fields.tsx'
import { curveColumns, THINGS_MAX, type RehearsalRequest } from './rehearse-form.ts'
import { useRehearsal, type Standing } from './use-rehearsal.ts'

interface Props {
  /** All but who is online, which is asked here. */
  readonly request: Omit<RehearsalRequest, 'onlineShare'>
}

export function Rehearsal({ request }: Props): ReactNode {
  const [online, setOnline] = useState('100')
  const [standing, rehearse] = useRehearsal()
  const isRunning = standing?.kind === 'started' || standing?.kind === 'seed'
  const percent = online.trim() === '' ? 100 : Number(online)
  const isWrong = !(percent >= 0 && percent <= 100)
  const start = (): void => rehearse({ ...request, onlineShare: percent / 100 })
  return (
    <SpaceBetween size="s">
      <TextField
        label="Percent online at any moment"
        description="Devices come and go every three hours or so."
        type="number"
        value={online}
        onChange={setOnline}
        problem={isWrong ? 'From 0 to 100.' : undefined}
      />
      <Button loading={isRunning} disabled={isWrong} onClick={start}>
        Rehearse
      </Button>
      {request.things > THINGS_MAX ? (
        <Box color="text-body-secondary">
          The first {THINGS_MAX.toLocaleString()} things are rehearsed here;{' '}
          <code>muster rehearse</code> takes a million.
        </Box>
      ) : null}
      <Result standing={standing} />
    </SpaceBetween>
  )
}

function Result({ standing }: { readonly standing: Standing }): ReactNode {
  if (standing?.kind === 'refused') {
    return <Alert type="error">The job would be refused: {standing.message}</Alert>
  }
  if (standing?.kind === 'seed') {
    return (
      <Box>
        Seed {standing.done} of {standing.seeds}
      </Box>
    )
  }
  return standing?.kind === 'done' ? <Figures outcome={standing.outcome} /> : null
}

function Figures({ outcome }: { readonly outcome: Outcome }): ReactNode {
  const { abortProbability, badFirmware, done, seeds } = outcome
  const { least, median, most } = badFirmware.touched
  const range = least === most ? '' : ` (${least?.toLocaleString()} to ${most?.toLocaleString()})`
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Half are done after', value: time(done[50].median) },
          { label: '90 % are done after', value: time(done[90].median) },
          { label: '99 % are done after', value: time(done[99].median) },
          {
            label: 'Aborts by itself',
            value: `in ${percentOf(abortProbability)} of the rehearsals`,
          },
          {
            label: 'A bad firmware begins on',
            value: `${median?.toLocaleString()}${range} things`,
          },
          {
            label: 'And is stopped',
            value:
              badFirmware.abortProbability === 0
                ? 'by nothing'
                : `in ${percentOf(badFirmware.abortProbability)}, after ${time(badFirmware.abortedSeconds.median)}`,
          },
        ]}
      />
      <Curve outcome={outcome} />
      <Box color="text-body-secondary">
        {seeds.length} {seeds.length === 1 ? 'rehearsal' : 'rehearsals'} of the Jobs rules with
        devices as assumed here, for seven days.
      </Box>
    </SpaceBetween>
  )
}

function Curve({ outcome }: { readonly outcome: Outcome }): ReactNode {
  const data = useMemo((): UPlot.AlignedData => {
    const { fastest, median, seconds, slowest } = curveColumns(outcome)
    return [[...seconds], [...fastest], [...median], [...slowest]]
  }, [outcome])
  const options = useCallback((colour: Colour) => {
    const line = (label: string, stroke: string, width: number): UPlot.Series => ({
      label,
      stroke,
      width,
      points: { show: false },
    })
    const drawn: Omit<UPlot.Options, 'width' | 'height'> = {
      series: [
        {
          value: (_plot, seconds) => (seconds == null ? '–' : duration(seconds * 1000)),
          label: 'after',
        },
        line('fastest, %', colour('--queued'), 1),
        line('median, %', colour('--succeeded'), 2),
        line('slowest, %', colour('--queued'), 1),
      ],
      scales: { x: { time: false }, y: { range: [0, 100] } },
      axes: [
        { ...axis(colour), values: (_plot, ticks) => ticks.map((at) => duration(at * 1000)) },
        { ...axis(colour), size: 56 },
      ],
      cursor: { y: false },
    }
    return drawn
  }, [])
  return (
    <Plot
      label="Rehearsed rollout over time: per cent of the things that are done, fastest, median and slowest"
      data={data}
      options={options}
      height={220}
    />
  )
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? 'not in seven days' : duration(seconds * 1000)
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`
}
