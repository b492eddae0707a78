import { expect } from 'chai'
import { filesOf, findFile, saveBuffer } from '../../src/files/store.ts'
import { attachDocuments } from '../../src/tenants/documents.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { signedInAs, visitor } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { BY, buildPark, buildTenant, newId } from '../setup/factories.ts'

const PDF = Buffer.from('%PDF-1.4\n%%EOF\n')

async function paperOf(park: string, tenant: Tenant, type = 'application/pdf') {
  const { id } = await saveBuffer(PDF, { park, name: 'paper.pdf', type, by: 'somebody' })
  await attachDocuments(park, tenant._id, 'licence', [{ id, name: 'paper.pdf' }], BY)
  return id
}

describe('who may read a file (CASES 27)', () => {
  useDatabase()

  it('is whoever may read the record: the park’s people and the tenant’s own', async () => {
    const park = (await buildPark())._id
    const [tenant, sibling] = [await buildTenant(park), await buildTenant(park)]
    const path = `/parks/${park}/files/${await paperOf(park, tenant)}`
    const status = async (who: { get(path: string): PromiseLike<{ status: number }> }) => (await who.get(path)).status
    expect(await status(await signedInAs('manager', { park }))).to.equal(200)
    expect(await status(await signedInAs('finance', { park }))).to.equal(200)
    expect(await status(await signedInAs('owner', { park, tenant: tenant._id }))).to.equal(200)
    expect(await status(await signedInAs('member', { park, tenant: tenant._id }))).to.equal(200)
    expect(await status(await signedInAs('owner', { park, tenant: sibling._id }))).to.equal(404)
    expect(await status(await signedInAs('reception', { park }))).to.equal(403)
    expect(await status(await signedInAs('manager', { park: (await buildPark())._id }))).to.equal(404)
    expect(await status(await signedInAs('official', { district: 'xiacheng' }))).to.equal(200)
    expect(await status(await signedInAs('official', { district: 'wucheng' }))).to.equal(404)
    expect(await status(visitor())).to.equal(303)
  })

  it('does not depend on the address: a file is found in its own park only', async () => {
    const [park, other] = [(await buildPark())._id, (await buildPark())._id]
    const id = await paperOf(other, await buildTenant(other))
    const manager = await signedInAs('manager', { park })
    for (const path of [
      `/parks/${park}/files/${id}`,
      `/parks/${other}/files/${id}`,
      `/parks/${park}/files/${newId()}`,
      `/parks/${park}/files/..%2f${id}`,
    ])
      expect((await manager.get(path)).status, path).to.equal(404)
  })

  it('leaves a file nobody linked to its uploader', async () => {
    const park = (await buildPark())._id
    const manager = await signedInAs('manager', { park })
    const { id } = await saveBuffer(PDF, { park, name: 'own.pdf', type: 'application/pdf', by: manager.userId })
    expect((await manager.get(`/parks/${park}/files/${id}`)).status).to.equal(200)
    expect((await (await signedInAs('manager', { park })).get(`/parks/${park}/files/${id}`)).status).to.equal(404)
  })

  it('shows only papers and pictures in the browser; a drawing is always a download', async () => {
    const park = (await buildPark())._id
    const tenant = await buildTenant(park)
    const manager = await signedInAs('manager', { park })
    const shown = async (type: string) => {
      const { headers } = await manager.get(`/parks/${park}/files/${await paperOf(park, tenant, type)}?view=1`)
      return String(headers['content-disposition']).split(';')[0]
    }
    expect(await shown('application/pdf')).to.equal('inline')
    expect(await shown('image/svg+xml')).to.equal('attachment')
    expect(await shown('text/html')).to.equal('attachment')
  })

  it('takes a paper off its own tenant only', async () => {
    const park = (await buildPark())._id
    const [tenant, sibling] = [await buildTenant(park), await buildTenant(park)]
    const id = await paperOf(park, tenant)
    const stranger = await signedInAs('owner', { park, tenant: sibling._id })
    expect((await stranger.post(`/parks/${park}/company/${sibling._id}/documents/${id}/removal`)).status).to.equal(404)
    expect((await stranger.post(`/parks/${park}/company/${tenant._id}/documents/${id}/removal`)).status).to.equal(404)
    expect(await filesOf(park, 'tenant', tenant._id)).to.have.length(1)
    const owner = await signedInAs('owner', { park, tenant: tenant._id })
    expect((await owner.post(`/parks/${park}/company/${tenant._id}/documents/${id}/removal`)).status).to.equal(303)
    expect((await findFile(park, id))!.metadata.link).to.equal(null)
    expect((await owner.get(`/parks/${park}/files/${id}`)).status).to.equal(404)
  })
})
