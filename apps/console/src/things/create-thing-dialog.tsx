/** Creates a thing. */
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { createThing } from './save-thing.ts'
import { ThingFields } from './thing-fields.tsx'
import { emptyThingForm, hasProblems, problemsInThing } from './thing-form.ts'

export function CreateThingDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm] = useState(emptyThingForm)
  return (
    <FormDialog
      title="Create thing"
      verb="Create thing"
      size="large"
      isWrong={hasProblems(problemsInThing(form))}
      act={() => createThing(iot, form)}
      onDone={() => {
        tell(`Thing ${form.thingName} was created.`)
        void queries.invalidateQueries({ queryKey: ['connectivity'] })
        void queries.invalidateQueries({ queryKey: ['count'] })
        void navigate(`/things/${encodeURIComponent(form.thingName)}`)
      }}
      onClose={onClose}
    >
      {(shown) => <ThingFields form={form} onChange={setForm} shown={shown} isThere={false} />}
    </FormDialog>
  )
}
