/** What would allow a denied request: chosen, tried, applied. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useMemo, useState, type ReactNode } from 'react'
import { ExplanationView } from '../policies/explanation-view.tsx'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { ApplyFix } from './apply-dialog.tsx'
import { whoOf, type ExplainedDenial } from './decision.ts'
import { useFixInput } from './denial-queries.ts'
import { Change } from './fix-change.tsx'
import { explainFixed, fixesFor, isMended, type Fix, type FixInput } from './fixes.ts'
import { iamStatement } from './statements.ts'

interface Props {
  readonly denial: ExplainedDenial
  readonly onApplied: () => void
}

export function FixPanel({ denial, onApplied }: Props): ReactNode {
  const input = useFixInput(denial)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            input.data
              ? 'Each is tried with the server’s rules and the policies as they are now before it is proposed.'
              : null
          }
        >
          What would allow it
        </Header>
      }
    >
      {input.error ? (
        <ErrorNotice error={input.error} onRetry={() => void input.refetch()} />
      ) : null}
      {input.isLoading ? <Spinner /> : null}
      {input.data === null ? <OnlyHints denial={denial} /> : null}
      {input.data ? <Fixes input={input.data} onApplied={onApplied} /> : null}
    </Container>
  )
}

/** Policies of operators are IAM's, and what is no policy's decision is mended elsewhere. */
function OnlyHints({ denial }: Pick<Props, 'denial'>): ReactNode {
  const { explanation, hint } = denial
  const hints = explanation.hints.length > 0 ? explanation.hints : [hint]
  const statement = iamStatement(denial)
  return (
    <SpaceBetween size="m">
      <ul>
        {hints.map((text) => (
          <li key={text} className="long-word">
            {text}
          </li>
        ))}
      </ul>
      {statement === undefined ? null : (
        <>
          <div>This statement in an IAM policy of {whoOf(denial)} would allow it:</div>
          <DocumentView
            label="IAM statement"
            text={JSON.stringify(statement, undefined, 2)}
            what="statement"
          />
        </>
      )}
    </SpaceBetween>
  )
}

function Fixes({ input, onApplied }: { readonly input: FixInput; readonly onApplied: () => void }) {
  const fixes = useMemo(() => fixesFor(input), [input])
  const mended = useMemo(() => isMended(input), [input])
  const [chosen, choose] = useState('0')
  const [tried, tryIt] = useState<Fix>()
  const [applied, apply] = useState<Fix>()
  const fix = fixes[Number(chosen)]
  if (mended) {
    return <Alert type="success">It is allowed now, as policies and certificate are.</Alert>
  }
  if (fix === undefined) return <OnlyHints denial={input.denial} />
  return (
    <SpaceBetween size="m">
      <RadioGroup
        ariaLabel="Change"
        value={chosen}
        onChange={({ detail }) => choose(detail.value)}
        items={fixes.map(({ title, description }, index) => ({
          value: String(index),
          label: title,
          description,
        }))}
      />
      <Change fix={fix} />
      {'caution' in fix && fix.caution ? <Alert type="warning">{fix.caution}</Alert> : null}
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => tryIt(fix)}>Try it</Button>
        <Button variant="primary" onClick={() => apply(fix)}>
          Apply
        </Button>
      </SpaceBetween>
      {tried === fix ? <Tried fix={fix} input={input} /> : null}
      {applied ? (
        <ApplyFix
          fix={applied}
          onClose={() => apply(undefined)}
          onApplied={() => {
            apply(undefined)
            onApplied()
          }}
        />
      ) : null}
    </SpaceBetween>
  )
}

function Tried({ fix, input }: { readonly fix: Fix; readonly input: FixInput }): ReactNode {
  if (fix.kind === 'activate') {
    return <Alert type="info">No policy is asked before the certificate is active.</Alert>
  }
  const explanation = explainFixed(fix, input)
  if (typeof explanation === 'string') return <Alert type="error">{explanation}</Alert>
  const isAllowed = explanation.decision === 'allow'
  return (
    <SpaceBetween size="m">
      <div role="status">
        <Alert
          type={isAllowed ? 'success' : 'error'}
          header={isAllowed ? 'It would be allowed' : 'It would still be denied'}
        >
          <Box variant="span">
            <span className="long-word">{explanation.summary}</span>
          </Box>
        </Alert>
      </div>
      <ExplanationView explanation={explanation} />
    </SpaceBetween>
  )
}
