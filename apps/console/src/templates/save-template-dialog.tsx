/** Keeps a job or the wizard's form as a template. */
import { CreateJobTemplateCommand } from '@aws-sdk/client-iot'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { TextField } from '../jobs/create/form-fields.tsx'
import type { TemplateRequest } from '../jobs/create/template-request.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'

interface Props {
  readonly suggestedId: string
  readonly request: TemplateRequest
  readonly onClose: () => void
}

export function SaveTemplateDialog({ suggestedId, request, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const { tell } = useNotices()
  const [jobTemplateId, setId] = useState(suggestedId)
  const [description, setDescription] = useState('')
  const isIdUsable = /^[a-zA-Z0-9_-]{1,64}$/.test(jobTemplateId)
  return (
    <Confirm
      title="Save as template?"
      verb="Save template"
      act={() => iot.send(new CreateJobTemplateCommand({ ...request, jobTemplateId, description }))}
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ['templates'] })
        tell(`Template ${jobTemplateId} saved.`)
        onClose()
      }}
      onClose={onClose}
      refusal={
        isIdUsable
          ? description.trim() === ''
            ? 'A template has a description.'
            : undefined
          : 'Mend the template ID.'
      }
    >
      <TextField
        label="Template ID"
        value={jobTemplateId}
        problem={isIdUsable ? undefined : 'Letters, digits, hyphen and underscore; at most 64.'}
        onChange={(value) => setId(value.trim())}
      />
      <TextField label="Template description" value={description} onChange={setDescription} />
    </Confirm>
  )
}
