/** What the fleet does in a second, over the last two minutes. */
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import LineChart from '@cloudscape-design/components/line-chart'
import { useEffect, useState, type ReactNode } from 'react'
import { largestRate, pointsMax, withPoint, type RatePoint } from './rate-series.ts'
import type { Rates } from './simulator-state.ts'

interface Props {
  readonly rates: Rates
  /** When the rates were read, epoch milliseconds of this computer. */
  readonly readAtMs: number
}

const series = [
  { key: 'started', title: 'Executions started' },
  { key: 'ended', title: 'Executions ended' },
  { key: 'connects', title: 'Connects' },
  { key: 'disconnects', title: 'Disconnects' },
] as const

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

export function RatesChart({ rates, readAtMs }: Props): ReactNode {
  const [points, setPoints] = useState<readonly RatePoint[]>([])
  useEffect(() => {
    setPoints((before) => withPoint(before, readAtMs, rates))
    // Each reading is one point, also where it tells the same as the one before.
  }, [rates, readAtMs])
  const end = points.at(-1)?.atMs ?? readAtMs
  return (
    <Container
      header={
        <Header variant="h2" description="A second, averaged over the last ten seconds.">
          Rates
        </Header>
      }
    >
      <LineChart
        ariaLabel="Rates a second"
        height={220}
        hideFilter
        xScaleType="time"
        xDomain={[new Date(end - pointsMax * 1000), new Date(end)]}
        yDomain={[0, largestRate(points)]}
        xTitle="Time"
        yTitle="A second"
        series={series.map(({ key, title }) => ({
          title,
          type: 'line' as const,
          data: points.map((point) => ({ x: new Date(point.atMs), y: point[key] })),
          valueFormatter: inTenths,
        }))}
        i18nStrings={{
          chartAriaRoleDescription: 'line chart',
          xTickFormatter: (at) => time.format(at),
          yTickFormatter: inTenths,
          detailPopoverDismissAriaLabel: 'Dismiss',
          legendAriaLabel: 'Legend',
        }}
      />
    </Container>
  )
}

function inTenths(rate: number): string {
  return rate >= 10 || rate === 0 ? Math.round(rate).toLocaleString() : rate.toFixed(1)
}
