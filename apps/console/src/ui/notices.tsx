/** What was done, told above whatever page is open: `Job reboot was canceled.` */
import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'

/** Tells and shows notices. */
export interface Notices {
  readonly flashes: readonly FlashbarProps.MessageDefinition[]
  /** Tells a success; it stays until it is dismissed or four others came. */
  readonly tell: (sentence: ReactNode) => void
}

const Context = createContext<Notices | undefined>(undefined)
const flashesMax = 4

/** Keeps the notices of the pages below. */
export function NoticesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [flashes, setFlashes] = useState<readonly FlashbarProps.MessageDefinition[]>([])
  const value = useMemo((): Notices => {
    const dismiss = (id: string): void =>
      setFlashes((before) => before.filter((flash) => flash.id !== id))
    const tell = (sentence: ReactNode): void => {
      const id = crypto.randomUUID()
      const flash: FlashbarProps.MessageDefinition = {
        id,
        type: 'success',
        content: sentence,
        dismissible: true,
        dismissLabel: 'Dismiss',
        onDismiss: () => dismiss(id),
      }
      setFlashes((before) => [flash, ...before].slice(0, flashesMax))
    }
    return { flashes, tell }
  }, [flashes])
  return <Context value={value}>{children}</Context>
}

/** The notices; only below {@link NoticesProvider}. */
export function useNotices(): Notices {
  const value = useContext(Context)
  if (!value) throw new Error('useNotices() outside a session')
  return value
}
