/** Sends the wizard's form. */
import {
  CreateJobCommand,
  DescribeJobTemplateCommand,
  DescribeManagedJobTemplateCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import type { JobForm } from './job-form.ts'
import { createJobRequest, leavesOut } from './job-request.ts'
import { targetArns } from './target-queries.ts'

/**
 * Creates the job of a form without problems, and the dynamic group of its query before.
 *
 * @throws what the AWS calls throw
 */
export async function createJob(iot: IoTClient, form: JobForm): Promise<void> {
  const targets = await targetArns(iot, form)
  if (form.source === 'template') {
    const template = await iot.send(
      new DescribeJobTemplateCommand({ jobTemplateId: form.template }),
    )
    if (leavesOut(form, template)) {
      const alone: JobForm = { ...form, source: 'document', document: template.document ?? '' }
      await iot.send(new CreateJobCommand(createJobRequest(alone, { targetArns: targets })))
      return
    }
    const templateArn = template.jobTemplateArn ?? ''
    await iot.send(
      new CreateJobCommand(createJobRequest(form, { targetArns: targets, templateArn })),
    )
    return
  }
  const managed = form.source === 'managed' ? await managedArn(iot, form.template) : undefined
  await iot.send(
    new CreateJobCommand(
      createJobRequest(form, {
        targetArns: targets,
        ...(managed === undefined ? {} : { templateArn: managed }),
      }),
    ),
  )
}

async function managedArn(iot: IoTClient, templateName: string): Promise<string> {
  const { templateArn } = await iot.send(new DescribeManagedJobTemplateCommand({ templateName }))
  return templateArn ?? ''
}
