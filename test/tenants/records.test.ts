import { expect } from 'chai'
import { Token } from '../../src/accounts/token.ts'
import { Membership } from '../../src/accounts/user.ts'
import { AuditEntry } from '../../src/audit/entry.ts'
import { Mail } from '../../src/notifications/outbox.ts'
import { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildPark, buildTenant, buildUser, PASSWORD } from '../setup/factories.ts'

const at = (park: string, tenant: Tenant, tab: string, base = 'tenants') => `/parks/${park}/${base}/${tenant._id}/${tab}`
const read = (park: string, tenant: Tenant) => Tenant.findOne({ park, _id: tenant._id }).lean().orFail() as Promise<Tenant>

async function world() {
  const park = (await buildPark())._id
  const tenant = await buildTenant(park)
  return { park, tenant, manager: await signedInAs('manager', { park }), owner: await signedInAs('owner', { park, tenant: tenant._id }) }
}

async function linkTo(email: string): Promise<string> {
  const mail = await Mail.findOne({ to: email, key: 'mail.invite' }).sort({ at: -1 }).lean().orFail()
  return mail.path
}

describe('the records of a tenant', () => {
  useDatabase()

  it('has exactly one first contact, whoever adds or removes one', async () => {
    const { park, tenant, manager, owner } = await world()
    await manager.post(at(park, tenant, 'contacts'), { name: 'Wang', phone: '０５７１－8582 0615', email: 'W@Example.com' })
    await owner.post(at(park, tenant, 'contacts', 'company'), { name: 'Li', primary: 'on' })
    let { contacts } = await read(park, tenant)
    expect(contacts.map(one => [one.name, one.primary])).to.deep.equal([
      ['Wang', false],
      ['Li', true],
    ])
    expect(contacts[0]!.email).to.equal('w@example.com')
    await manager.post(`${at(park, tenant, 'contacts')}/${contacts[1]!._id}/removal`)
    ;({ contacts } = await read(park, tenant))
    expect(contacts.map(one => [one.name, one.primary])).to.deep.equal([['Wang', true]])
    expect((await manager.post(at(park, tenant, 'contacts'), { name: '', phone: 'call me' })).status).to.equal(422)
  })

  it('shows the second editor of a contact both values', async () => {
    const { park, tenant, manager, owner } = await world()
    await manager.post(at(park, tenant, 'contacts'), { name: 'Wang', title: 'CEO' })
    const { _id } = (await read(park, tenant)).contacts[0]!
    expect((await manager.post(`${at(park, tenant, 'contacts')}/${_id}`, { name: 'Wang', title: 'Chair', version: 0 })).status).to.equal(
      303,
    )
    const stale = await owner.post(`${at(park, tenant, 'contacts', 'company')}/${_id}`, { name: 'Wang', title: 'Founder', version: 0 })
    expect(stale.status).to.equal(409)
    expect(stale.text).to.include('Chair').and.include('Founder')
    expect((await read(park, tenant)).contacts[0]!.title).to.equal('Chair')
  })

  it('keeps one row of figures a year, degrees within the staff, and losses below zero', async () => {
    const { park, tenant, manager } = await world()
    const path = at(park, tenant, 'figures')
    expect((await manager.post(path, { year: '2024', revenue: '12,345', profit: '-300', staff: '10', doctors: '2' })).status).to.equal(303)
    expect((await manager.post(path, { year: '2024', revenue: '1' })).status).to.equal(409)
    expect((await manager.post(path, { year: '2023', staff: '3', doctors: '2', masters: '2' })).status).to.equal(422)
    expect((await manager.post(path, { year: '2999' })).status).to.equal(422)
    expect((await manager.post(path, { year: '2023', revenue: '-1' })).status).to.equal(422)
    const { figures } = await read(park, tenant)
    expect(figures).to.have.length(1)
    expect(figures[0]).to.include({ year: 2024, revenue: 12_345, profit: -300, staff: 10, rd: null })
    const both = await Promise.all([
      manager.post(`${path}/2024`, { revenue: '5', version: 0 }),
      manager.post(`${path}/2024`, { revenue: '6', version: 0 }),
    ])
    expect(both.map(answer => answer.status).sort()).to.deep.equal([303, 409])
  })

  it('adds, changes and removes a qualification; an end before its beginning is refused', async () => {
    const { park, tenant, manager } = await world()
    const path = at(park, tenant, 'qualifications')
    const row = { kind: 'hightech', number: 'GR1', grantedOn: '2024-01-01', validTo: '2026-12-31' }
    expect((await manager.post(path, { ...row, validTo: '2023-12-31' })).status).to.equal(422)
    await manager.post(path, row)
    const { _id } = (await read(park, tenant)).qualifications[0]!
    await manager.post(`${path}/${_id}`, { ...row, number: 'GR2', version: 0 })
    expect((await read(park, tenant)).qualifications[0]).to.include({ number: 'GR2', version: 1 })
    await manager.post(`${path}/${_id}/removal`)
    expect((await read(park, tenant)).qualifications).to.deep.equal([])
    const actions = (await AuditEntry.find({ park, ref: tenant._id }).sort({ at: 1 }).lean()).map(entry => entry.action)
    expect(actions.filter(action => action.startsWith('tenant.qualification'))).to.deep.equal([
      'tenant.qualification.add',
      'tenant.qualification.edit',
      'tenant.qualification.remove',
    ])
  })

  it('lets the owner invite a member, who sees this company and nothing else', async () => {
    const { park, tenant, owner } = await world()
    const answer = await owner.post(at(park, tenant, 'members', 'company'), { email: 'New.Member@example.com', role: 'member' })
    expect(answer.status).to.equal(303)
    const link = await linkTo('new.member@example.com')
    const guest = visitor()
    expect((await guest.get(link)).status).to.equal(200)
    expect((await guest.post(link, { name: 'Newcomer', password: 'four words or more' })).status).to.equal(303)
    await guest.signIn('new.member@example.com', 'four words or more')
    expect((await guest.get(`/parks/${park}/company/${tenant._id}`)).status).to.equal(200)
    expect((await guest.get(at(park, tenant, 'members', 'company'))).status).to.equal(403)
    expect((await guest.post(at(park, tenant, 'contacts', 'company'), { name: 'x' })).status).to.equal(403)
    expect((await guest.get(`/parks/${park}/tenants`)).status).to.equal(403)
    expect((await guest.get(`/parks/${(await buildPark())._id}/company/${tenant._id}`)).status).to.equal(404)
  })

  it('never lets an invitation give more than a role at this company', async () => {
    const { park, tenant, owner } = await world()
    const path = at(park, tenant, 'members', 'company')
    for (const role of ['manager', 'admin', 'official', 'promotion'])
      expect((await owner.post(path, { email: 'x@example.com', role })).status, role).to.equal(422)
    await owner.post(path, {
      email: 'y@example.com',
      role: 'member',
      park: 'other',
      district: 'xiacheng',
      tenant: '6b0000000000000000000000',
    })
    const [token] = await Token.find({ kind: 'invite', park }).lean()
    expect(token).to.include({ email: 'y@example.com', role: 'member', park, district: null })
    expect(String(token!.tenant)).to.equal(String(tenant._id))
  })

  it('withdraws an invitation: its link stops working', async () => {
    const { park, tenant, owner } = await world()
    await owner.post(at(park, tenant, 'members', 'company'), { email: 'gone@example.com', role: 'member' })
    const link = await linkTo('gone@example.com')
    const token = await Token.findOne({ email: 'gone@example.com' }).lean().orFail()
    await owner.post(`${at(park, tenant, 'members', 'company')}/invitations/${token._id}/withdrawal`)
    expect((await visitor().get(link)).status).to.equal(404)
    expect((await visitor().post(link, { name: 'x', password: 'four words or more' })).status).to.be.oneOf([404, 409])
    expect(await Membership.countDocuments({ park, role: 'member' })).to.equal(0)
  })

  it('never leaves a company without an owner, even when two owners drop each other at once', async () => {
    const { park, tenant, owner } = await world()
    const second = await signedInAs('owner', { park, tenant: tenant._id })
    const idOf = async (user: string) => (await Membership.findOne({ user, tenant: tenant._id }).lean().orFail())._id
    const [one, two] = [await idOf(owner.userId), await idOf(second.userId)]
    const path = at(park, tenant, 'members', 'company')
    expect((await owner.post(`${path}/${one}/revocation`)).status).to.equal(422)
    await Promise.all([owner.token(), second.token()])
    const answers = await Promise.all([owner.post(`${path}/${two}/revocation`), second.post(`${path}/${one}/revocation`)])
    expect(answers.filter(answer => answer.status === 303)).to.have.length(1)
    expect(await Membership.countDocuments({ park, tenant: tenant._id, role: 'owner' })).to.equal(1)
  })

  it('refuses a removed member on the next request', async () => {
    const { park, tenant, owner } = await world()
    const user = await buildUser('member', { park, tenant: tenant._id })
    const member = await visitor().signIn(user.email, PASSWORD)
    expect((await member.get(`/parks/${park}/company/${tenant._id}`)).status).to.equal(200)
    const { _id } = await Membership.findOne({ user: user._id }).lean().orFail()
    await owner.post(`${at(park, tenant, 'members', 'company')}/${_id}/revocation`)
    expect((await member.get(`/parks/${park}/company/${tenant._id}`)).status).to.equal(404)
  })

  it('shows every page of a tenant, empty and in both languages', async () => {
    const { park, tenant, manager } = await world()
    const tabs = ['', 'contacts', 'documents', 'qualifications', 'figures', 'figures/new', 'incubation', 'members', 'merge', 'edit']
    for (const lang of ['zh-CN', 'en']) {
      await manager.post('/account/language', { lang })
      for (const tab of tabs) {
        const page = await manager.get(at(park, tenant, tab).replace(/\/$/, ''))
        expect(page.status, `${lang} ${tab}`).to.equal(200)
        expect(page.text, `${lang} ${tab}`)
          .to.include(`<html lang="${lang}"`)
          .and.not.match(/\b(record|tenant|audit)\.[a-z]+\.[a-z]/i)
      }
    }
  })
})
