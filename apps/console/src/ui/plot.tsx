/** A chart of uPlot in the page's colours: drawn anew when its shape changes, fed when its data do. */
import { useEffect, useRef, type ReactNode } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useIsDark } from '../frame/color-mode.ts'

/** Reads a colour of the style sheet: `colour('--succeeded')`. */
export type Colour = (name: string) => string

interface Props {
  /** What the picture shows, in a sentence, for those who cannot see it. */
  readonly label: string
  readonly data: UPlot.AlignedData
  /** Pixels. */
  readonly height?: number
  /** The chart's shape; another function is another shape. */
  readonly options: (colour: Colour) => Omit<UPlot.Options, 'width' | 'height'>
}

export function Plot({ label, data, height = 240, options }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(null)
  const latest = useRef(data)
  latest.current = data
  const isDark = useIsDark()

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const style = getComputedStyle(document.body)
    const colour: Colour = (name) => style.getPropertyValue(name)
    plot.current = new UPlot(
      { width: element.clientWidth, height, ...options(colour) },
      latest.current,
      element,
    )
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height }),
    )
    resized.observe(element)
    return () => {
      resized.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [options, height, isDark])
  useEffect(() => plot.current?.setData(data), [data])

  return (
    <div role="img" aria-label={label}>
      <div ref={host} className="chart" />
    </div>
  )
}

/** A stepped line: what it shows holds until the next point. */
export function stepped(label: string, stroke: string, fill?: string): UPlot.Series {
  return {
    label,
    stroke,
    width: 2,
    points: { show: false },
    ...(fill === undefined ? {} : { fill }),
    ...(UPlot.paths.stepped ? { paths: UPlot.paths.stepped({ align: 1 }) } : {}),
  }
}

/** Labels by distance between them: the full form, and what is added where a larger unit turns. */
const timeLabels: UPlot.Axis.Values = [
  [86_400, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{YYYY}-{MM}-{DD}', null, null, null, 1],
  [1, ':{ss}', '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
  [0.001, ':{ss}.{fff}', '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
]

/** An axis in the page's colours. */
export function axis(colour: Colour): UPlot.Axis {
  return {
    stroke: colour('--chart-text'),
    grid: { stroke: colour('--chart-line'), width: 1 },
    ticks: { show: false },
    font: '12px "Open Sans", sans-serif',
  }
}

/** The axis of time. */
export function timeAxis(colour: Colour): UPlot.Axis {
  return { ...axis(colour), values: timeLabels }
}
