import type { Request, Response } from 'express'
import type { ServiceContent } from '../services/content.ts'
import { seeOther } from '../web/forms.ts'
import { isBegun, isComplete, openTasks, type Task, tasksOf } from './answers.ts'
import { type Application, applicationPath } from './application.ts'
import { wrongState } from './change.ts'
import { isEditable } from './progress.ts'
import { openAs } from './sides.ts'

/** What all pages of the form begin with: the own application, while it may be changed. */
export interface Draft {
  application: Application
  content: ServiceContent
  /** Where its pages are. */
  base: string
  /** They applied themselves: reads identity papers and numbers in full. */
  mine: boolean
}

export async function openOwn(req: Request): Promise<Draft> {
  const { application, content, sides } = await openAs(req, 'own')
  return { application, content, base: applicationPath(application), mine: sides.mine }
}

/** For pages: what can't be changed any more is shown where it is read; null when the answer has been given. Throws application.state. */
export async function openDraft(req: Request, res: Response): Promise<Draft | null> {
  const draft = await openOwn(req)
  if (isEditable(draft.application)) return draft
  // The form was open while it was handed in elsewhere: what was typed is refused, with the reason.
  if (req.failed) throw wrongState(draft.application)
  seeOther(res, draft.base)
  return null
}

export type TaskState = 'done' | 'begun' | 'open'

/** Where nothing must be answered a task is complete from the start; it isn't called so before somebody was there. */
function stateOf(task: Task, application: Application, content: ServiceContent): TaskState {
  if (!isBegun(task, application, content)) return task === 'class' && application.class ? 'done' : 'open'
  return isComplete(task, application, content) ? 'done' : 'begun'
}

export const taskList = ({ application, content, base }: Draft) =>
  tasksOf(content, application.class).map(task => ({
    task,
    state: stateOf(task, application, content),
    complete: isComplete(task, application, content),
    path: `${base}/tasks/${task}`,
  }))

/** The task to go on with after one: the next that is open, those before it last; the check once none is. */
export function goOn({ application, content, base }: Draft, task: Task): string {
  const order = tasksOf(content, application.class)
  const open = openTasks(application, content).filter(one => one !== task)
  const next = open.find(one => order.indexOf(one) > order.indexOf(task)) ?? open[0]
  return next ? `${base}/tasks/${next}` : `${base}/check`
}
