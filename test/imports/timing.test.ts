import { Unit } from '../../src/spaces/unit.ts'
import { signedInAs } from '../setup/app.ts'
import { useDatabase } from '../setup/database.ts'
import { buildBuilding, buildPark } from '../setup/factories.ts'
import { unitBook, uploadFile, check, write } from './files.ts'
describe('t', function () { this.timeout(600_000); useDatabase()
 it('x', async () => {
    const park = (await buildPark())._id; await buildBuilding(park)
    const m = await signedInAs('manager', { park })
    const t = async (n: string, w: () => Promise<any>) => { const s = Date.now(); const c = process.cpuUsage(); const r = await w(); console.log(n, Date.now() - s, 'cpu', (process.cpuUsage(c).user / 1000) | 0, r?.counts ?? ''); return r }
    const N = Number(process.env.N ?? 10000)
    const b = await t('book', () => unitBook(N))
    const { id } = await t('upload', () => uploadFile(m, park, 'units', b))
    const of = await t('check', () => check(m, park, id))
    await t('write', () => write(m, of)); console.log(await Unit.countDocuments({ park }))
    const b2 = await unitBook(N, i => ({ 7: 'n' + i }))
    const u2 = await t('upload', () => uploadFile(m, park, 'units', b2))
    const of2 = await t('check', () => check(m, park, u2.id))
    await t('write updates', () => write(m, of2))
 }) })
