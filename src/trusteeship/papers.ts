import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { audit } from '../audit/entry.ts'
import { transact } from '../db/transact.ts'
import { linkFiles, type Upload, unlinkFiles } from '../files/store.ts'
import { now } from '../lib/clock.ts'
import { conflict, notFound, RuleError } from '../lib/rule-error.ts'
import type { Park } from '../parks/park.ts'
import { type Paper, termsFor } from './agreement.ts'
import { PAPER_LINK, type PaperItem, REPORT_LINK, type ReportSlot, Round, roundSubject, standing } from './round.ts'
import { rank } from './state.ts'
import { goBack, type Held, holdRound, type Ref, wrongState } from './steps.ts'
import { paperName, tellTenant } from './tell.ts'

/** Papers handed in for a month, and what is reported back of it. */
const MOST_ITEMS = 200
const MOST_REPORTS = 40

const who = (by: Actor) => ({ id: by.id, name: by.name })
const subjectOf = ({ agreement, round }: Held) => roundSubject(round, agreement)

async function collecting(park: Park, ref: Ref, key: string): Promise<Held & { paper: Paper }> {
  const held = await holdRound(park, ref)
  const paper = termsFor(held.agreement, ref.month).papers.find(one => one.key === key)
  if (!paper) throw notFound()
  if (held.round.state !== 'collecting') throw wrongState(held.round.state)
  return { ...held, paper }
}

const end = (round: Round, ids: Types.ObjectId[], ended: PaperItem['ended']) =>
  Round.updateOne(
    { park: round.park, _id: round._id },
    { $set: { 'papers.$[one].ended': ended } },
    { arrayFilters: [{ 'one._id': { $in: ids } }] },
  )

/**
 * Hands in files as one of the expected papers; “none this month” gives way to them. Throws fileMissing, trustee.state (409),
 * trustee.tooMany.
 */
export async function addPapers(park: Park, ref: Ref, key: string, files: Upload[], by: Actor, onBehalf: boolean): Promise<void> {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: `papers-${key}` })
  await transact(async () => {
    const held = await collecting(park, ref, key)
    const { round } = held
    if (round.papers.length + files.length > MOST_ITEMS) throw new RuleError('trustee.tooMany', { max: MOST_ITEMS })
    const none = standing(round.papers, key).filter(item => !item.file)
    const at = now()
    if (none.length)
      await end(
        round,
        none.map(item => item._id),
        { how: 'withdrawn', reason: null, at, by: who(by) },
      )
    const items = files.map(({ id, name, size }) => ({
      _id: new Types.ObjectId(),
      paper: key,
      file: id,
      name,
      size,
      at,
      by: who(by),
      onBehalf,
      ended: null,
    }))
    await Round.updateOne({ park: park._id, _id: round._id }, { $push: { papers: { $each: items } } })
    await linkFiles(
      park._id,
      files.map(file => file.id),
      { kind: PAPER_LINK, ref: round._id, slot: key },
    )
    await audit(by, 'trusteeship.paper.add', subjectOf(held), {
      after: { paper: nameOf(held.paper) },
      note: files.map(file => file.name).join('\n'),
    })
  })
}

const nameOf = (paper: Paper): string => paper.name?.zh ?? paper.kind

/** Says that there is no such paper this month. Said twice it stands once. Throws trustee.given when there are files, trustee.state (409). */
export async function sayNone(park: Park, ref: Ref, key: string, by: Actor, onBehalf: boolean): Promise<void> {
  await transact(async () => {
    const held = await collecting(park, ref, key)
    const given = standing(held.round.papers, key)
    if (given.some(item => item.file)) throw new RuleError('trustee.given', {}, { field: `papers-${key}` })
    if (given.length) return
    const item = { _id: new Types.ObjectId(), paper: key, file: null, name: '', size: 0, at: now(), by: who(by), onBehalf, ended: null }
    await Round.updateOne({ park: park._id, _id: held.round._id }, { $push: { papers: item } })
    await audit(by, 'trusteeship.paper.none', subjectOf(held), { after: { paper: nameOf(held.paper) } })
  })
}

function itemOf({ round }: Held, _id: Types.ObjectId): PaperItem {
  const item = round.papers.find(one => one._id.equals(_id))
  if (!item) throw notFound()
  if (item.ended) throw conflict('trustee.ended')
  return item
}

/** Takes back what was handed in, while papers are collected; it stays in the month's history. Throws trustee.ended (409). */
export async function withdrawPaper(park: Park, ref: Ref, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const held = await holdRound(park, ref)
    const item = itemOf(held, _id)
    if (held.round.state !== 'collecting') throw wrongState(held.round.state)
    await end(held.round, [_id], { how: 'withdrawn', reason: null, at: now(), by: who(by) })
    await audit(by, 'trusteeship.paper.withdraw', subjectOf(held), { note: item.name || null })
  })
}

/**
 * Refuses what was handed in, with a reason the tenant is told. Papers that were received are collected again; once there are books
 * the month must be taken back first (trustee.state, 409).
 */
export async function refusePaper(park: Park, ref: Ref, _id: Types.ObjectId, reason: string, by: Actor): Promise<void> {
  await transact(async () => {
    const held = await holdRound(park, ref)
    const { agreement, round } = held
    const item = itemOf(held, _id)
    if (rank(round.state) > rank('received')) throw wrongState(round.state)
    await end(round, [_id], { how: 'refused', reason, at: now(), by: who(by) })
    await audit(by, 'trusteeship.paper.refuse', subjectOf(held), { note: [item.name, reason].filter(Boolean).join('\n') })
    if (round.state === 'received') await goBack(held, reason, by)
    const paper = termsFor(agreement, ref.month).papers.find(one => one.key === item.paper)
    await tellTenant(agreement, 'refused', ref.month, lang => ({ reason, paper: paper ? paperName(paper, lang) : item.name }), item.by.id)
  })
}

/** Adds files to report back, from the books on. The tenant reads them once the month is reported. Throws fileMissing, trustee.state (409). */
export async function addReports(park: Park, ref: Ref, slot: ReportSlot, files: Upload[], by: Actor): Promise<void> {
  if (!files.length) throw new RuleError('fileMissing', {}, { field: 'reports' })
  await transact(async () => {
    const held = await holdRound(park, ref)
    const { round } = held
    if (rank(round.state) < rank('booked')) throw wrongState(round.state)
    if (round.reports.length + files.length > MOST_REPORTS) throw new RuleError('trustee.tooMany', { max: MOST_REPORTS })
    const at = now()
    const reports = files.map(({ id, name, size }) => ({ _id: new Types.ObjectId(), slot, file: id, name, size, at, by: who(by) }))
    await Round.updateOne({ park: park._id, _id: round._id }, { $push: { reports: { $each: reports } } })
    await linkFiles(
      park._id,
      files.map(file => file.id),
      { kind: REPORT_LINK, ref: round._id, slot },
    )
    await audit(by, 'trusteeship.report.add', subjectOf(held), { after: { report: slot }, note: files.map(file => file.name).join('\n') })
  })
}

/** Takes a report off a month that isn't reported yet; the file is swept a day later. */
export async function removeReport(park: Park, ref: Ref, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(async () => {
    const held = await holdRound(park, ref)
    const report = held.round.reports.find(one => one._id.equals(_id))
    if (!report) throw notFound()
    if (held.round.state === 'reported') throw wrongState(held.round.state)
    await Round.updateOne({ park: park._id, _id: held.round._id }, { $pull: { reports: { _id } } })
    await unlinkFiles(park._id, [report.file])
    await audit(by, 'trusteeship.report.remove', subjectOf(held), {
      before: { report: report.slot },
      after: { report: null },
      note: report.name,
    })
  })
}
