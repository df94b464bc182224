/** Changes a thing's type, groups and attributes. */
import type { DescribeThingResponse } from '@aws-sdk/client-iot'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { updateThing } from './save-thing.ts'
import { ThingFields } from './thing-fields.tsx'
import { formOfThing, hasProblems, problemsInThing } from './thing-form.ts'

interface Props {
  readonly thing: DescribeThingResponse
  /** Its static groups. */
  readonly groupNames: readonly string[]
  readonly onClose: () => void
}

export function EditThingDialog({ thing, groupNames, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const [form, setForm] = useState(() => formOfThing(thing, groupNames))
  return (
    <FormDialog
      title={`Edit ${form.thingName}`}
      verb="Save"
      size="large"
      isWrong={hasProblems(problemsInThing(form))}
      act={() => updateThing(iot, thing, groupNames, form)}
      onDone={() => {
        tell(`Thing ${form.thingName} was changed.`)
        void queries.invalidateQueries({ queryKey: ['thing', form.thingName] })
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => <ThingFields form={form} onChange={setForm} shown={shown} isThere />}
    </FormDialog>
  )
}
