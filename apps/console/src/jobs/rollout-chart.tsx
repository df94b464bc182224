/** The curve of a job's executions, with its rollout minutes and windows marked. */
import type { ReactNode } from 'react'
import { useCallback, useMemo, useRef } from 'react'
import type UPlot from 'uplot'
import { axis, Plot, stepped, timeAxis, type Colour } from '../ui/plot.tsx'
import { progressColumns, type ProgressPoint } from './progress.ts'
import type { RolloutMarks } from './rollout-marks.ts'

interface Props {
  readonly jobId: string
  readonly points: readonly ProgressPoint[]
  readonly marks: RolloutMarks
  /** All executions that there will be, where that is known: the curve's ceiling. */
  readonly targeted: number | undefined
}

export function RolloutChart({ jobId, points, marks, targeted }: Props): ReactNode {
  const latest = useRef({ marks, targeted })
  latest.current = { marks, targeted }
  const data = useMemo((): UPlot.AlignedData => {
    const columns = progressColumns(points)
    return [
      [...columns.atSeconds],
      [...columns.created],
      [...columns.succeeded],
      [...columns.unsuccessful],
      [...columns.inProgress],
    ]
  }, [points])
  const options = useCallback((colour: Colour) => {
    const drawn: Omit<UPlot.Options, 'width' | 'height'> = {
      series: [
        { value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}', label: 'at' },
        stepped('created', colour('--queued')),
        stepped('succeeded', colour('--succeeded'), colour('--succeeded-faint')),
        stepped('not successful', colour('--failed')),
        stepped('in progress', colour('--in-progress')),
      ],
      scales: {
        y: { range: (_, _min, max) => [0, Math.max(1, max, latest.current.targeted ?? 0) * 1.05] },
      },
      axes: [timeAxis(colour), { ...axis(colour), size: 56 }],
      cursor: { y: false },
      hooks: { drawClear: [(plot) => drawMarks(plot, latest.current.marks, colour)] },
    }
    return drawn
  }, [])
  return (
    <Plot
      label={`Rollout of ${jobId} over time: executions created, succeeded, not successful and in progress`}
      data={data}
      options={options}
    />
  )
}

function drawMarks(plot: UPlot, marks: RolloutMarks, colour: Colour): void {
  const { ctx: pen, bbox } = plot
  const x = (ms: number): number =>
    Math.min(Math.max(plot.valToPos(ms / 1000, 'x', true), bbox.left), bbox.left + bbox.width)
  pen.save()
  pen.fillStyle = colour('--chart-window')
  for (const { fromMs, untilMs } of marks.windows) {
    pen.fillRect(x(fromMs), bbox.top, x(untilMs) - x(fromMs), bbox.height)
  }
  pen.strokeStyle = colour('--chart-text')
  pen.setLineDash([2, 5])
  pen.lineWidth = 1
  pen.beginPath()
  for (const minuteMs of marks.minutesMs) {
    const at = plot.valToPos(minuteMs / 1000, 'x', true)
    if (at < bbox.left || at > bbox.left + bbox.width) continue
    pen.moveTo(at, bbox.top)
    pen.lineTo(at, bbox.top + bbox.height)
  }
  pen.stroke()
  pen.restore()
}
