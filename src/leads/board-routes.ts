import type { Request, Response } from 'express'
import { z } from 'zod'
import { transact } from '../db/transact.ts'
import { today as todayIn } from '../lib/days.ts'
import { notFound } from '../lib/rule-error.ts'
import { actor } from '../web/context.ts'
import { f } from '../web/fields.ts'
import { flash } from '../web/flash.ts'
import { formState, idParam, localPath, readForm, readQuery } from '../web/forms.ts'
import { linkWith, listOf } from '../web/list.ts'
import { commit } from '../web/once.ts'
import { routes } from '../web/router.ts'
import { type AskedBoard, boardOf, boardQuery, type Card, cut, nextCards, readCursor } from './board.ts'
import { choicesOf, filterTags } from './filter-choices.ts'
import { leadPath } from './lead.ts'
import { conditionsOf, readerOf } from './list.ts'
import { viewsFor } from './saved-view.ts'
import { allStages, MOVED, type SetupFacts, SIGNING, setupOf } from './setup.ts'
import { stageNames } from './stage-names.ts'
import { loadLead, loadOpen, moveStage, refuseStranger } from './steps.ts'
import { currentQuery } from './view-routes.ts'
import { mayLead } from './who.ts'
import { daysSince, urgencyOf, wishWords } from './words.ts'

/** Leads as a board: a column for each stage, cards that are dragged, moved by keyboard, or by a small page without any script. */
const LOST = 'lost'

/** Whose leads the board begins with: who leads sees all, everybody else their own. */
const withOwner = (req: Request, asked: AskedBoard): AskedBoard => ({ ...asked, owner: asked.owner ?? (mayLead(req) ? 'all' : 'me') })

const initials = (full: string): string => {
  const name = full.replace(/[(\uff08][^)\uff09]*[)\uff09]/g, '').trim() || full.trim()
  // A Chinese name says most with its given name.
  if (/\p{Script=Han}/u.test(name)) return [...name].slice(-2).join('')
  return name
    .split(/\s+/)
    .map(word => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()
}

function cardFor(req: Request, today: string) {
  const leads = mayLead(req)
  return (card: Card) => ({
    ...card,
    urgency: urgencyOf(card, today),
    days: daysSince(card.since, today, req.park.zone),
    wishText: wishWords(req, card.wish),
    initials: card.ownerName ? initials(card.ownerName) : '',
    /** What may be moved by whoever looks. */
    moves: card.state === 'open' && card.owner !== null && (leads || String(card.owner) === req.me!.id),
  })
}

const conditions = (req: Request, asked: AskedBoard, today: string) => conditionsOf(withOwner(req, asked), readerOf(req, today))

/** The query of the board without what is the page's own: for its links. */
const backOf = (req: Request): string => {
  const query = currentQuery(req, 'board')
  return query ? `?${query}` : ''
}

async function show(req: Request, res: Response): Promise<void> {
  const asked = readQuery(req, boardQuery)
  const { _id: park, zone } = req.park
  const today = todayIn(zone)
  const and = await conditions(req, asked, today)
  const setup = await setupOf(park)
  const [columns, choices, views] = await Promise.all([boardOf(park, and, setup, today), choicesOf(req, setup), viewsFor(park, req.me!.id)])
  const shown = cardFor(req, today)
  const tags = await filterTags(req, asked, choices, setup)
  const codes = columns.map(({ code }) => code)
  res.page('leads/board', {
    asked: withOwner(req, asked),
    columns: columns.map(column => ({
      ...column,
      cards: column.cards.map(shown),
      open: setup.stages.some(one => one.code === column.code),
    })),
    // On a phone one column is seen at a time: not an empty one, where there is another.
    at: asked.at && codes.includes(asked.at) ? asked.at : (columns.find(({ count }) => count)?.code ?? codes[0]),
    list: listOf(req, { items: [], total: 0, page: 1, size: 1, tags }),
    ...{ choices, views, nameOf: stageNames(req, setup), query: currentQuery(req, 'board'), back: backOf(req) },
    owner: withOwner(req, asked).owner,
    leads: mayLead(req),
    form: formState(req),
    scripts: ['board-drop.js', 'board-keys.js', 'board.js'],
    link: (change: Record<string, string | null>) => linkWith(req, change),
  })
}

const moreQuery = boardQuery.extend({ stage: z.string().max(40).optional(), after: z.string().max(40).optional() })

/** The next cards of one column, for its “more”. */
async function more(req: Request, res: Response): Promise<void> {
  const { stage, after, ...asked } = readQuery(req, moreQuery)
  const cursor = readCursor(after)
  if (!stage || !cursor) throw notFound()
  const today = todayIn(req.park.zone)
  const and = await conditions(req, asked, today)
  const [found, setup] = await Promise.all([nextCards(req.park._id, and, stage, cursor), setupOf(req.park._id)])
  const { cards, more } = cut(found)
  res.page('leads/_cards', {
    owner: withOwner(req, asked).owner,
    column: { code: stage, cards: cards.map(cardFor(req, today)), more },
    nameOf: stageNames(req, setup),
    back: backOf(req),
  })
}

/** Where a lead can be moved: open stages, signing (which asks for a lease), lost (which asks for a reason). */
const targetsOf = (setup: SetupFacts): string[] => [
  ...allStages(setup)
    .map(({ code }) => code)
    .filter(code => code !== MOVED),
  LOST,
]

const wantsData = (req: Request): boolean => req.get('accept')?.includes('application/json') ?? false

const backQuery = z.object({ back: z.string().max(1500).optional() })
const boardPath = (req: Request, back: unknown): string => {
  const board = `/parks/${req.park._id}/leads/board`
  const to = localPath(back, board)
  return to.startsWith(board) ? to : board
}

/** The small page that moves a card without any script, and that says why it wasn't moved. */
async function showMove(req: Request, res: Response): Promise<void> {
  const lead = await loadLead(req.park._id, idParam(req, 'lead'))
  const setup = await setupOf(req.park._id)
  const form = formState(req, { from: lead.stage, to: lead.stage, back: readQuery(req, backQuery).back })
  // A card that was dragged asks for the word alone.
  if (req.failed && wantsData(req)) return void res.json({ error: form.problems[0]?.text })
  res.page('leads/stage', {
    lead,
    form,
    targets: targetsOf(setup),
    nameOf: stageNames(req, setup),
    back: boardPath(req, form.values['back']),
  })
}

const moveForm = z.object({ from: f.text(40), to: f.text(40), back: f.optionalText(1500) })

async function move(req: Request, res: Response): Promise<void> {
  const { from, to, back } = readForm(req, moveForm)
  const [park, leads] = [req.park._id, mayLead(req)]
  const _id = idParam(req, 'lead')
  const work = async (): Promise<string> => {
    const lead = await loadOpen(park, _id)
    refuseStranger(lead, actor(req), leads)
    // Both ask for more than a place on the board.
    if (to === SIGNING) return `${leadPath(lead)}/conversion`
    if (to === LOST) return `${leadPath(lead)}#lost`
    await moveStage(park, _id, { from, to }, actor(req))
    // The page of a lead moves it too, and says no way back.
    return back ? boardPath(req, back) : leadPath(lead)
  }
  // A card that was dragged stays where it is: its page is drawn already. Sent twice, the second is where it should be.
  if (wantsData(req)) return void res.json({ to: await transact(work) })
  await commit(req, res, async () => {
    const path = await work()
    flash(res, 'leadBoard.done.moved')
    return path
  })
}

export const leadBoardRoutes = routes(({ get, post }) => {
  get('/board', 'lead.read', show)
  get('/board/cards', 'lead.read', more)
  get('/:lead/stage', 'lead.work', showMove)
  post('/:lead/stage', 'lead.work', move, { again: showMove })
})
