import type { JobForm } from './job-form.ts'
import type { Problems } from './job-problems.ts'

/** What each step of the wizard is given. */
export interface StepProps {
  readonly form: JobForm
  readonly onChange: (changes: Partial<JobForm>) => void
  /** What to show as wrong; empty until somebody tried to go on. */
  readonly problems: Problems
}
