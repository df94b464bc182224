/** One rehearsal at a time in a worker; another one, or leaving, ends the one before. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { RehearsalAnswer, RehearsalRequest } from './rehearse-form.ts'

/** Where a rehearsal stands; undefined before the first. */
export type Standing = RehearsalAnswer | { readonly kind: 'started' } | undefined

export function useRehearsal(): readonly [Standing, (request: RehearsalRequest) => void] {
  const [standing, setStanding] = useState<Standing>()
  const worker = useRef<Worker>(undefined)
  useEffect(() => () => worker.current?.terminate(), [])
  const rehearse = useCallback((request: RehearsalRequest) => {
    worker.current?.terminate()
    const started = new Worker(new URL('./rehearsal-worker.ts', import.meta.url), {
      type: 'module',
    })
    worker.current = started
    started.addEventListener('message', ({ data }: MessageEvent<RehearsalAnswer>) => {
      setStanding(data)
      if (data.kind !== 'seed') started.terminate()
    })
    started.addEventListener('error', ({ message }) => {
      setStanding({ kind: 'refused', message: message || 'the rehearsal could not be loaded' })
    })
    setStanding({ kind: 'started' })
    started.postMessage(request, [])
  }, [])
  return [standing, rehearse]
}
