/** How near the job is to aborting itself: each threshold against the rate that counts towards it. */
import type { AbortCriteria } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCallback, useMemo, type ReactNode } from 'react'
import type UPlot from 'uplot'
import { axis, Plot, stepped, timeAxis, type Colour } from '../ui/plot.tsx'
import { abortStandings, failureRates, kindInWords, type AbortStanding } from './abort-standing.ts'
import { countsAt, type ProgressPoint } from './progress.ts'

interface Props {
  readonly criteria: readonly AbortCriteria[]
  readonly points: readonly ProgressPoint[]
}

export function AbortPanel({ criteria, points }: Props): ReactNode {
  const standings = abortStandings(criteria, countsAt(points.at(-1)))
  return (
    <SpaceBetween size="m">
      <Box variant="h3">Abort thresholds</Box>
      {standings.map((standing) => (
        <Gauge key={standing.kind} standing={standing} />
      ))}
      {points.length > 1 ? <RateChart criteria={criteria} points={points} /> : null}
    </SpaceBetween>
  )
}

function Gauge({ standing }: { readonly standing: AbortStanding }): ReactNode {
  const { kind, ratePercent, thresholdPercent, matching, completed, completedMin } = standing
  const rate = ratePercent.toFixed(1)
  const words = `${rate} % ${kind} (${matching} of ${completed} completed); aborts at ${thresholdPercent} %`
  const waits = standing.counts ? '' : `, once ${completedMin} have completed`
  return (
    <div>
      <Box color="text-body-secondary">
        {words}
        {waits}
      </Box>
      <div className="abort-gauge" role="img" aria-label={words + waits}>
        <div className="rate" style={{ inlineSize: `${Math.min(100, ratePercent)}%` }} />
        <div className="threshold" style={{ insetInlineStart: `${thresholdPercent}%` }} />
      </div>
    </div>
  )
}

const strokes = ['--failed', '--rejected', '--timed-out', '--canceled']

function RateChart({ criteria, points }: Props): ReactNode {
  const data = useMemo(
    (): UPlot.AlignedData => [
      points.map(({ atMs }) => atMs / 1000),
      ...criteria.flatMap((criterion) => [
        [...failureRates(criterion, points)],
        points.map(() => criterion.thresholdPercentage ?? 0),
      ]),
    ],
    [criteria, points],
  )
  const shape = JSON.stringify(criteria)
  const options = useCallback(
    (colour: Colour) => {
      const drawn: Omit<UPlot.Options, 'width' | 'height'> = {
        series: [
          { value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}', label: 'at' },
          ...(JSON.parse(shape) as AbortCriteria[]).flatMap((criterion, index) => {
            const stroke = colour(strokes[index % strokes.length] ?? '--failed')
            const percent: Partial<UPlot.Series> = {
              value: (_, value) => (value === null ? '–' : `${value.toFixed(1)} %`),
            }
            return [
              { ...stepped(kindInWords(criterion), stroke), ...percent },
              { ...stepped('aborts at', stroke), ...percent, dash: [6, 4], width: 1.5 },
            ]
          }),
        ],
        scales: { y: { range: (_, _min, max) => [0, Math.min(100, Math.max(1, max * 1.25))] } },
        axes: [
          timeAxis(colour),
          { ...axis(colour), size: 56, values: (_, values) => values.map((value) => `${value} %`) },
        ],
        cursor: { y: false },
      }
      return drawn
    },
    [shape],
  )
  return (
    <Plot
      label={`Share of executions that are ${criteria.map(kindInWords).join(', ')} over time, and where the job aborts`}
      data={data}
      options={options}
      height={180}
    />
  )
}
