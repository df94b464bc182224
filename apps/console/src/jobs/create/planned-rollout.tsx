/** The curve and the end of a rollout that nobody has created yet. */
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import type UPlot from 'uplot'
import { useServerClock } from '../../admin/server-clock.ts'
import { serverNowMs } from '../../admin/server-time.ts'
import { Moment } from '../../ui/moment.tsx'
import { axis, Plot, stepped, timeAxis, type Colour } from '../../ui/plot.tsx'
import { duration } from '../../ui/relative-time.ts'
import { planColumns, planRollout, type DeviceAssumption, type Plan } from '../rollout-plan.ts'
import { TextField } from './form-fields.tsx'
import type { JobForm } from './job-form.ts'
import { utcMs } from './job-problems.ts'
import { createJobRequest, rolloutConfig } from './job-request.ts'
import { Rehearsal } from './rehearsal/rehearsal.tsx'
import { useFormCoverage } from './target-queries.ts'
import { windowSpans } from './window-form.ts'

/** Drawn where nobody knows how many things there are. */
const thingsAssumed = 100

interface Props {
  readonly form: JobForm
  /** Whether the rollout can be rehearsed too: where the job is complete. */
  readonly isRehearsed?: boolean
}

export function PlannedRollout({ form, isRehearsed = false }: Props): ReactNode {
  const counted = useFormCoverage(form).data?.things
  const [things, setThings] = useState('')
  const [seconds, setSeconds] = useState('30')
  const [success, setSuccess] = useState('100')
  const waiting = amount(things) ?? counted ?? thingsAssumed
  const assumed = useMemo(
    (): DeviceAssumption => ({
      executionMs: (amount(seconds) ?? 30) * 1000,
      successShare: Math.min(1, (amount(success) ?? 100) / 100),
    }),
    [seconds, success],
  )
  const clock = useServerClock()
  // Once: a curve that crept on with every second would only distract.
  const [nowMs] = useState(() => serverNowMs(clock, performance.now(), Date.now()))
  const plan = usePlan(form, waiting, assumed, nowMs)
  const job = useMemo(() => createJobRequest(form, { targetArns: [] }), [form])
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="As the service rolls out, if devices take as long and succeed as often as you say here."
        >
          Planned rollout
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ColumnLayout columns={3}>
          <TextField
            label="Things"
            type="number"
            placeholder={String(counted ?? thingsAssumed)}
            value={things}
            onChange={setThings}
          />
          <TextField
            label="Seconds per execution"
            type="number"
            value={seconds}
            onChange={setSeconds}
          />
          <TextField
            label="Percent that succeed"
            type="number"
            value={success}
            onChange={setSuccess}
          />
        </ColumnLayout>
        <Outcome plan={plan} waiting={waiting} />
        <PlanChart plan={plan} assumed={assumed} />
        {isRehearsed ? (
          <Rehearsal request={{ job, things: waiting, startMs: nowMs, ...assumed }} />
        ) : null}
        {form.windows.some(({ repeat }) => repeat === 'cron') ? (
          <Box color="text-body-secondary">
            Windows that a cron expression says are not in this curve.
          </Box>
        ) : null}
      </SpaceBetween>
    </Container>
  )
}

function amount(text: string): number | undefined {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function usePlan(form: JobForm, waiting: number, assumed: DeviceAssumption, nowMs: number): Plan {
  return useMemo(() => {
    const startMs = utcMs(form.startTime) ?? nowMs
    const endMs = utcMs(form.endTime)
    const windows = form.windows.length > 0 ? windowSpans(form.windows, startMs) : undefined
    return planRollout({
      config: rolloutConfig(form),
      waiting,
      startMs,
      assumed,
      ...(windows === undefined ? {} : { windows }),
      ...(endMs === undefined ? {} : { endMs }),
    })
  }, [form, waiting, assumed, nowMs])
}

function Outcome({ plan, waiting }: { readonly plan: Plan; readonly waiting: number }): ReactNode {
  const { steps, createdAllAtMs, finishedAtMs, leftOut } = plan
  const first = steps[0]
  if (!first)
    return <Box>Nothing is rolled out: {leftOut.toLocaleString()} things are left out.</Box>
  if (createdAllAtMs === undefined || finishedAtMs === undefined) {
    return (
      <Box>
        {leftOut.toLocaleString()} of {waiting.toLocaleString()} things get no execution before the
        end.
      </Box>
    )
  }
  return (
    <Box>
      All {waiting.toLocaleString()} executions are created within{' '}
      {duration(createdAllAtMs - first.atMs)}, in {steps.length.toLocaleString()} rollout{' '}
      {steps.length === 1 ? 'minute' : 'minutes'}; the last one ends at about{' '}
      <Moment at={new Date(finishedAtMs)} />, {duration(finishedAtMs - first.atMs)} after the first
      was created.
    </Box>
  )
}

function PlanChart({
  plan,
  assumed,
}: {
  readonly plan: Plan
  readonly assumed: DeviceAssumption
}): ReactNode {
  const data = useMemo((): UPlot.AlignedData => {
    const columns = planColumns(plan, assumed)
    return [columns.atMs.map((ms) => ms / 1000), [...columns.created], [...columns.finished]]
  }, [plan, assumed])
  const options = useCallback((colour: Colour) => {
    const drawn: Omit<UPlot.Options, 'width' | 'height'> = {
      series: [
        { value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}', label: 'at' },
        stepped('created', colour('--queued')),
        stepped('finished', colour('--succeeded'), colour('--succeeded-faint')),
      ],
      scales: { y: { range: (_, _min, max) => [0, Math.max(1, max) * 1.05] } },
      axes: [timeAxis(colour), { ...axis(colour), size: 56 }],
      cursor: { y: false },
    }
    return drawn
  }, [])
  return (
    <Plot
      label="Planned rollout over time: executions created and finished"
      data={data}
      options={options}
      height={220}
    />
  )
}
