/** Draws a rollout curve with uPlot in the page's own colours. */
import { useEffect, useRef, type ReactNode } from 'react'
import UPlot from 'uplot'
import type { RolloutCurve } from './rollout-curve.ts'

const heightPx = 220

interface Props {
  readonly curve: RolloutCurve
  /** What the picture shows, in a sentence, for those who cannot see it. */
  readonly label: string
}

export function RolloutChart({ curve, label }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(null)
  const data: UPlot.AlignedData = [
    [...curve.atSeconds],
    [...curve.queued],
    [...curve.started],
    [...curve.succeeded],
    [...curve.unsuccessful],
  ]
  const latest = useRef(data)
  latest.current = data

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const draw = (): void => {
      plot.current?.destroy()
      plot.current = new UPlot(options(element), latest.current, element)
    }
    draw()
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: heightPx }),
    )
    resized.observe(element)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      resized.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = null
    }
  }, [])
  useEffect(() => plot.current?.setData(data))

  return (
    <div role="img" aria-label={label}>
      <div ref={host} className="chart" />
    </div>
  )
}

/** Labels by distance between them: the full form, and what is added where a larger unit turns. */
const timeLabels: UPlot.Axis.Values = [
  [86_400, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1],
  [1, ':{ss}', '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
  [0.001, ':{ss}.{fff}', '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
]

function options(element: HTMLElement): UPlot.Options {
  const probe = document.createElement('span')
  element.append(probe)
  const colour = (name: string): string => {
    // Through a real property, so that light-dark() and var() are resolved for the canvas.
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const line = (text: string, name: string, fill?: string): UPlot.Series => ({
    label: text,
    stroke: colour(name),
    width: 2,
    points: { show: false },
    ...(fill === undefined ? {} : { fill: colour(fill) }),
    ...(UPlot.paths.stepped ? { paths: UPlot.paths.stepped({ align: 1 }) } : {}),
  })
  const axis = {
    stroke: colour('--text-quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  }
  const result: UPlot.Options = {
    width: element.clientWidth,
    height: heightPx,
    series: [
      { value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}', label: 'at' },
      line('rolled out', '--queued'),
      line('started', '--in-progress'),
      line('succeeded', '--succeeded', '--succeeded-faint'),
      line('not successful', '--failed'),
    ],
    axes: [
      { ...axis, values: timeLabels },
      { ...axis, size: 48 },
    ],
    cursor: { y: false },
    legend: { live: true },
  }
  probe.remove()
  return result
}
