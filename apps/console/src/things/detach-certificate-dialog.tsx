/** Detaches a certificate from a thing. */
import { DetachThingPrincipalCommand } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'
import type { Principal } from './principals.ts'
import { shortId } from './short-id.ts'

interface Props {
  readonly thingName: string
  readonly principal: Principal
  readonly onClose: () => void
}

export function DetachCertificateDialog({ thingName, principal, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const id = shortId(principal.certificateId ?? principal.arn)
  return (
    <Confirm
      title={`Detach ${id} from ${thingName}?`}
      verb="Detach"
      act={() => iot.send(new DetachThingPrincipalCommand({ thingName, principal: principal.arn }))}
      onDone={() => {
        tell(`Certificate ${id} was detached from ${thingName}.`)
        void queries.invalidateQueries({ queryKey: ['thing', thingName] })
        onClose()
      }}
      onClose={onClose}
    >
      <Box variant="p">
        The certificate stays registered. A device that shows it is not known as {thingName} any
        more.
      </Box>
    </Confirm>
  )
}
