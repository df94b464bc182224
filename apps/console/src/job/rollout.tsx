/** A job's progress: bar, numbers by status, and the curve of its rollout. */
import type { Job } from '@aws-sdk/client-iot'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { StatusBar, StatusLegend } from '../ui/status-bar.tsx'
import { statusCounts, terminalCount, totalCount } from '../ui/status.tsx'
import { curveExecutionsMax, isMoving, useAllExecutions } from './job-queries.ts'
import { RolloutChart } from './rollout-chart.tsx'
import { rolloutCurve } from './rollout-curve.ts'
import { useTargetCount } from './target-count.ts'

export function Rollout({ job }: { readonly job: Job }): ReactNode {
  const counts = statusCounts(job.jobProcessDetails)
  const targeted = useTargetCount(job)
  const created = totalCount(counts)
  const total = Math.max(created, targeted ?? 0)
  const executions = useAllExecutions(job.jobId ?? '', created, isMoving(job))
  return (
    <>
      <div className="row spread">
        <p className="big">
          {terminalCount(counts)} <span className="quiet">of {total} done</span>
        </p>
        <StatusLegend counts={counts} />
      </div>
      <StatusBar counts={counts} targeted={targeted} />
      {created > curveExecutionsMax ? (
        <p className="quiet">
          The curve is drawn for jobs of up to {curveExecutionsMax.toLocaleString()} executions.
        </p>
      ) : null}
      {executions.error ? <ErrorNotice error={executions.error} /> : null}
      {executions.data && executions.data.length > 0 ? (
        <RolloutChart
          label={`Rollout of ${job.jobId} over time: executions queued, started and finished`}
          curve={rolloutCurve(executions.data.map((one) => one.jobExecutionSummary ?? {}))}
        />
      ) : null}
    </>
  )
}
