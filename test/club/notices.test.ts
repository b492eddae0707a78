import { expect } from 'chai'
import { grantRole } from '../../src/accounts/memberships.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { type Notice, NoticeRead } from '../../src/club/notice.ts'
import {
  correctNotice,
  createNotice,
  discardDraft,
  editDraft,
  NO_FILES,
  publishNotice,
  remindUnread,
  withdrawNotice,
} from '../../src/club/notices.ts'
import { markRead, readingOf, sumsOf } from '../../src/club/reading.ts'
import { filesOf, saveBuffer } from '../../src/files/store.ts'
import { recordHandover } from '../../src/leases/handover.ts'
import { setClock } from '../../src/lib/clock.ts'
import { today } from '../../src/lib/days.ts'
import type { RuleError } from '../../src/lib/rule-error.ts'
import { Notification } from '../../src/notifications/notification.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { mergeTenants } from '../../src/overview/merge-tenants.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { audienceOf, buildNotice, findings, noticeFacts, noticeFor, noticeNow } from '../setup/club.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildLease, buildPark, buildTenant, buildUnit, buildUser, inDays, newId } from '../setup/factories.ts'
import { parkOf } from '../setup/mentoring.ts'

const refused = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
  } catch (error) {
    const { problem, status } = error as RuleError
    return `${status} ${problem?.key ?? ''}`.trim()
  }
  return 'done'
}

async function scene() {
  const park = await parkOf((await buildPark())._id)
  const [first, second] = [await buildTenant(park._id), await buildTenant(park._id)]
  const owner = await buildUser('owner', { park: park._id, tenant: first._id })
  const member = await buildUser('member', { park: park._id, tenant: first._id })
  const other = await buildUser('owner', { park: park._id, tenant: second._id })
  const told = (key: string) => Notification.countDocuments({ park: park._id, key: `club.${key}` })
  const mailed = (key: string) =>
    Mail.countDocuments({ key: `notice.club.${key}`, to: { $in: [owner, member, other].map(one => one.email) } })
  return { park, slug: park._id, first, second, owner, member, other, told, mailed }
}

describe('notices', () => {
  useDatabase()
  afterEach(async () => expect(await findings()).to.deep.equal([]))

  it('tell nobody as drafts, and everybody they are for when published: by mail too where they are important', async () => {
    const { park, slug, first, told, mailed } = await scene()
    const draft = await buildNotice(slug, { draft: true })
    expect([draft.state, await told('published')]).to.deep.equal(['draft', 0])
    await publishNotice(park, draft._id, draft.version, BY)
    expect([await told('published'), await mailed('published')]).to.deep.equal([3, 0])
    await buildNotice(slug, { important: true, audience: audienceOf({ kind: 'chosen', tenants: [first._id] }) })
    expect([await told('published'), await mailed('published')]).to.deep.equal([5, 2])
    expect(await AuditEntry.countDocuments({ park: slug, action: 'notice.publish' })).to.equal(2)
    expect(await refused(publishNotice(park, draft._id, draft.version, BY))).to.equal('409 error.club.not.draft')
  })

  it('tell a person of two companies once', async () => {
    const { slug, second, owner, told } = await scene()
    await grantRole(owner._id, { role: 'member', park: slug, tenant: second._id }, BY)
    const notice = await buildNotice(slug)
    expect(await told('published')).to.equal(3)
    await markRead(notice, String(owner._id), [])
    const rows = await readingOf(notice, today())
    expect(rows.map(row => row.readers.length)).to.deep.equal([1, 1])
  })

  it('are refused with a date that is over, without a condition, and for companies that aren’t there', async () => {
    const { park, slug, first } = await scene()
    const old = await buildNotice(slug, { draft: true, until: inDays(-1) })
    expect(await refused(publishNotice(park, old._id, old.version, BY))).to.equal('422 error.club.past')
    const make = (audience: object) => createNotice(park, noticeFacts({ audience: audienceOf(audience) }), NO_FILES, BY)
    expect(await refused(make({ kind: 'rule' }))).to.equal('422 error.club.noRule')
    expect(await refused(make({ kind: 'chosen' }))).to.equal('422 error.club.noTenants')
    expect(await refused(make({ kind: 'chosen', tenants: [first._id, newId()] }))).to.equal('422 error.club.noTenants')
    const elsewhere = await buildTenant((await buildPark())._id)
    expect(await refused(make({ kind: 'chosen', tenants: [elsewhere._id] })), 'another park’s').to.equal('422 error.club.noTenants')
    const plain = await make({ kind: 'all', tenants: [first._id], industries: ['iot'] })
    expect(plain.audience).to.deep.include({ kind: 'all', tenants: [], industries: [] })
  })

  it('are for who comes later, and for who leaves no more', async () => {
    const { park, slug } = await scene()
    const late = await buildNotice(slug)
    expect(sumsOf(await readingOf(late, today())).companies).to.equal(2)
    const unit = await buildUnit({ park: slug })
    const { tenant, lease } = await buildLease({ unit, from: inDays(-100), to: inDays(-1) })
    expect(sumsOf(await readingOf(late, today(park.zone))).companies).to.equal(3)
    const rule = await buildNotice(slug, { audience: audienceOf({ kind: 'rule', places: ['here'] }) })
    const names = async (notice: Notice) => (await readingOf(notice, today())).map(row => row.name)
    expect(await names(rule), 'still there after the end').to.deep.equal([tenant.name])
    const handed = { unit: unit._id, checklist: [], electricity: null, water: null, keys: null, note: null }
    await recordHandover(slug, lease._id, { ...handed, kind: 'in', on: lease.from }, BY)
    await recordHandover(slug, lease._id, { ...handed, kind: 'out', on: inDays(-1) }, BY)
    expect([await names(rule), (await names(late)).length], 'moved out').to.deep.equal([[], 2])
  })

  it('count who has read each edition: a correction that is told again is read anew', async () => {
    const { park, slug, owner, first, told, mailed } = await scene()
    const notice = await buildNotice(slug, { important: true })
    await markRead(notice, String(owner._id), [first._id])
    const before = await NoticeRead.findOne({ park: slug }).lean().orFail()
    await markRead(notice, String(owner._id), [])
    expect(await NoticeRead.find({ park: slug }).lean(), 'read once').to.deep.equal([before])
    const facts = noticeFacts({ important: true })
    const slip = await correctNotice(park, notice._id, notice.version, { ...facts, note: 'A letter', again: false, files: NO_FILES }, BY)
    expect([slip.edition, sumsOf(await readingOf(slip, today())).peopleRead, await told('corrected')]).to.deep.equal([1, 1, 0])
    expect(
      await refused(correctNotice(park, notice._id, notice.version, { ...facts, note: 'x', again: true, files: NO_FILES }, BY)),
    ).to.equal('409 error.stale')
    const anew = await correctNotice(park, notice._id, slip.version, { ...facts, note: 'The date', again: true, files: NO_FILES }, BY)
    expect([anew.edition, anew.corrections.map(one => one.note)]).to.deep.equal([2, ['A letter', 'The date']])
    expect([sumsOf(await readingOf(anew, today())).peopleRead, await told('corrected'), await mailed('corrected')]).to.deep.equal([0, 3, 3])
    await markRead(notice, String(owner._id), [first._id])
    expect((await NoticeRead.findOne({ park: slug }).lean().orFail()).edition, 'a page that was open').to.equal(1)
    await markRead(anew, String(owner._id), [first._id])
    expect(sumsOf(await readingOf(anew, today())).peopleRead).to.equal(1)
  })

  it('are withdrawn with a reason, once, and told of', async () => {
    const { park, slug, told } = await scene()
    const notice = await buildNotice(slug)
    await withdrawNotice(park, notice._id, notice.version, 'Wrong park', BY)
    expect([(await noticeNow(notice)).withdrawn!.note, await told('withdrawn')]).to.deep.equal(['Wrong park', 3])
    expect(await refused(withdrawNotice(park, notice._id, notice.version + 1, 'again', BY))).to.equal('409 error.club.not.published')
    expect(await refused(remindUnread(park, notice._id, BY))).to.equal('409 error.club.over')
  })

  it('remind those who haven’t read it, once a day', async () => {
    const { park, slug, owner, member, other, told } = await scene()
    const notice = await buildNotice(slug)
    await markRead(notice, String(owner._id), [])
    expect(await remindUnread(park, notice._id, BY)).to.equal(2)
    expect(await refused(remindUnread(park, notice._id, BY))).to.equal('409 error.club.reminded')
    setClock(new Date(Date.now() + 86_400_000))
    await markRead(notice, String(member._id), [])
    expect(await remindUnread(park, notice._id, BY)).to.equal(1)
    expect(await Notification.countDocuments({ user: other._id, key: 'club.reminder' })).to.equal(2)
    setClock(new Date(Date.now() + 2 * 86_400_000))
    await markRead(notice, String(other._id), [])
    expect(await refused(remindUnread(park, notice._id, BY)), 'and notes nothing').to.equal('422 error.club.allRead')
    expect([(await noticeNow(notice)).remindedOn, await told('reminder')]).to.deep.equal([inDays(-1), 3])
  })

  it('are changed as drafts only, from the version that was seen, and thrown away with their files', async () => {
    const { park, slug } = await scene()
    const file = async (n: number) =>
      saveBuffer(Buffer.from('%PDF-1.4'), { park: slug, name: `plan ${n}.pdf`, type: 'application/pdf', by: BY.id })
    const files = { added: [await file(1), await file(2)], dropped: [] }
    const draft = await createNotice(park, noticeFacts(), files, BY)
    const [first] = await filesOf(slug, 'notice', draft._id)
    const after = await editDraft(park, draft._id, draft.version, noticeFacts(), { added: [], dropped: [first!._id] }, BY)
    expect(await filesOf(slug, 'notice', draft._id)).to.have.length(1)
    expect(await refused(editDraft(park, draft._id, draft.version, noticeFacts(), NO_FILES, BY))).to.equal('409 error.stale')
    const many = { added: await Promise.all(Array.from({ length: 10 }, (_, i) => file(i))), dropped: [] }
    expect(await refused(editDraft(park, draft._id, after.version, noticeFacts(), many, BY))).to.equal('422 error.club.files')
    expect((await noticeNow(draft)).version, 'nothing of it').to.equal(after.version)
    await discardDraft(park, draft._id, BY)
    expect(await filesOf(slug, 'notice', draft._id)).to.have.length(0)
    const out = await buildNotice(slug)
    expect(await refused(editDraft(park, out._id, out.version, noticeFacts(), NO_FILES, BY))).to.equal('409 error.club.not.draft')
    expect(await refused(discardDraft(park, out._id, BY))).to.equal('409 error.club.not.draft')
  })

  it('keep a company’s readings when it is merged, renamed or left by its reader', async () => {
    const { slug, first, second, owner, other } = await scene()
    const notice = await noticeFor(slug, first._id, second._id)
    await markRead(notice, String(owner._id), [first._id])
    await markRead(notice, String(other._id), [second._id])
    await mergeTenants(slug, second._id, first._id, BY)
    const now = await noticeNow(notice)
    expect(now.audience.tenants.map(String)).to.deep.equal([String(second._id)])
    const [row, ...rest] = await readingOf(now, today())
    expect([rest.length, row!.readers.length, row!.waiting.length]).to.deep.equal([0, 2, 1])
    expect(await NoticeRead.countDocuments({ park: slug, tenants: first._id })).to.equal(0)
    expect(await Tenant.countDocuments({ park: slug, mergedInto: null })).to.equal(1)
  })
})
