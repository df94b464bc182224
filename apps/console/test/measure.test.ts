/** What the measurements read out of a trace, and what the tour makes of a screenshot. */
import { deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { mainThreadOf } from '../measure/trace.ts'
import { withPalette } from '../tour/small-png.ts'

describe('a trace', () => {
  const name = (pid: number, tid: number, text: string): object => ({
    name: 'thread_name',
    ph: 'M',
    pid,
    tid,
    args: { name: text },
  })
  const task = (pid: number, tid: number, tdur: number, ofWhat = 'RunTask'): object => ({
    name: `ThreadControllerImpl::${ofWhat}`,
    ph: 'X',
    pid,
    tid,
    dur: 9_000_000,
    tdur,
  })
  const trace = (...traceEvents: readonly object[]): Buffer =>
    Buffer.from(JSON.stringify({ traceEvents }))

  it('is read by the CPU time of the busiest main thread, whatever the others do', () => {
    const events = [
      name(1, 1, 'CrRendererMain'),
      name(2, 1, 'CrRendererMain'),
      name(1, 7, 'Compositor'),
      task(1, 1, 50_000),
      task(1, 1, 120_000),
      task(2, 1, 130_000),
      task(1, 7, 900_000),
      task(1, 1, 800_000, 'Other'),
    ]
    expect(mainThreadOf(trace(...events))).toEqual({ longestTaskMs: 120, cpuMs: 170 })
  })

  it('without a task of a main thread is an error', () => {
    expect(() => mainThreadOf(trace(task(1, 1, 5)))).toThrow('no task of a main thread')
  })
})

describe('a picture', () => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)])
  }
  /** Two by three pixels of RGB, its rows filtered as none, sub and up. */
  const rows = Buffer.concat(
    [
      [0, 10, 20, 30, 40, 50, 60],
      [1, 10, 20, 30, 30, 30, 30],
      [2, 0, 0, 0, 215, 205, 195],
    ].map((row) => Buffer.from(row)),
  )
  const png = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Buffer.from([0, 0, 0, 2, 0, 0, 0, 3, 8, 2, 0, 0, 0])),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])

  it('gets a palette, and keeps its pixels', () => {
    const small = withPalette(png)
    expect([small[24], small[25]]).toEqual([8, 3])
    const palette = small.indexOf('PLTE') + 4
    const data = small.indexOf('IDAT') + 4
    const indices = inflateSync(small.subarray(data, data + small.readUInt32BE(data - 8)))
    const colours = [1, 2, 4, 5, 7, 8].map((at) => {
      const from = palette + (indices[at] ?? 0) * 3
      return [...small.subarray(from, from + 3)]
    })
    const [dark, middle, bright] = [
      [10, 20, 30],
      [40, 50, 60],
      [255, 255, 255],
    ]
    expect(colours).toEqual([dark, middle, dark, middle, dark, bright])
  })

  it('of another kind is refused', () => {
    const grey = Buffer.from(png)
    grey[25] = 0
    expect(() => withPalette(grey)).toThrow('expected a PNG')
  })
})
