import { Membership } from '../accounts/user.ts'
import { filesOf } from '../files/store.ts'
import { type Check, groupBy, type Report, type Subject } from '../lib/check.ts'
import { normalName } from '../lib/text.ts'
import { Park } from '../parks/park.ts'
import { codeProblem, normalCode } from './credit-code.ts'
import { entryProblem, INCUBATION_RULES } from './incubation.ts'
import { Tenant } from './tenant.ts'

/** What must hold of tenants, whatever wrote them (DESIGN §3). */
const subjectOf = ({ park, _id, name }: Pick<Tenant, 'park' | '_id' | 'name'>): Subject => ({ park, kind: 'tenant', id: _id, label: name })

const slugs = async (): Promise<string[]> => (await Park.find({}, { _id: 1 }).lean()).map(park => park._id)

async function eachTenant(work: (tenant: Tenant) => unknown): Promise<void> {
  for (const park of await slugs()) for await (const tenant of Tenant.find({ park }).lean().cursor()) await work(tenant as Tenant)
}

function checkCode(tenant: Tenant, report: Report): void {
  const { creditCode, codeOverride } = tenant
  const tell = (message: string) => report(message, subjectOf(tenant))
  if (creditCode === null) return
  if (creditCode !== normalCode(creditCode)) tell(`has the credit code ${creditCode}, not written in the one way`)
  const problem = codeProblem(creditCode)
  if (problem === 'shape') tell(`has the credit code ${creditCode}, which is none`)
  if (problem === 'check' && !codeOverride?.reason)
    tell(`has the credit code ${creditCode}, whose check digit is wrong, and no recorded reason`)
}

async function checkTwins(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const tenants = await Tenant.find({ park, creditCode: { $ne: null } }, { park: 1, name: 1, creditCode: 1 }).lean()
    for (const twins of groupBy(tenants, tenant => normalCode(tenant.creditCode!)).values())
      for (const twin of twins.slice(1)) report(`has the credit code of ${twins[0]!._id}`, subjectOf(twin))
  }
}

async function noteNamesakes(report: Report): Promise<void> {
  for (const park of await slugs()) {
    const tenants = await Tenant.find({ park, mergedInto: null }, { park: 1, name: 1, normal: 1 }).lean()
    for (const same of groupBy(tenants, tenant => tenant.normal).values())
      for (const one of same.slice(1)) report(`has the name of ${same[0]!._id}`, subjectOf(one))
  }
}

function checkName(tenant: Tenant, report: Report): void {
  const right = normalName(tenant.name)
  if (tenant.normal !== right) report(`is compared as “${tenant.normal}”, its name gives “${right}”`, subjectOf(tenant))
}

async function checkMerged(tenant: Tenant, report: Report): Promise<void> {
  if (!tenant.mergedInto) return
  const { park, _id, mergedInto } = tenant
  const kept = await Tenant.findOne({ park, _id: mergedInto }, { mergedInto: 1 }).lean()
  if (!kept) report(`was merged into ${mergedInto}, who isn't there`, subjectOf(tenant))
  if (kept?.mergedInto) report(`was merged into ${mergedInto}, who was merged too`, subjectOf(tenant))
  if (tenant.creditCode) report('was merged and still has its credit code', subjectOf(tenant))
  if (await Membership.exists({ tenant: _id })) report('was merged and still has people', subjectOf(tenant))
}

function checkRows(tenant: Tenant, report: Report): void {
  const tell = (message: string) => report(message, subjectOf(tenant))
  const first = tenant.contacts.filter(contact => contact.primary).length
  if (tenant.contacts.length && first !== 1) tell(`has ${first} first contacts`)
  const years = tenant.figures.map(row => row.year)
  if (new Set(years).size < years.length) tell('has two rows of figures for one year')
  for (const { year, staff, doctors, masters, bachelors } of tenant.figures) {
    const degrees = (doctors ?? 0) + (masters ?? 0) + (bachelors ?? 0)
    if (typeof staff === 'number' && degrees > staff) tell(`has ${degrees} people with a degree in ${year}, of a staff of ${staff}`)
  }
  for (const { kind, grantedOn, validTo } of tenant.qualifications)
    if (validTo && validTo < grantedOn) tell(`has the qualification ${kind} until ${validTo}, granted on ${grantedOn}`)
}

async function checkIncubation(tenant: Tenant, report: Report): Promise<void> {
  const record = tenant.incubation
  if (!record) return
  const tell = (message: string) => report(message, subjectOf(tenant))
  const { rule, enteredOn, graduatedOn, criterion, evidence, leftOn } = record
  if (!INCUBATION_RULES.some(one => one.key === rule)) tell(`is incubated by rule ${rule}, which isn't known`)
  if (graduatedOn && leftOn) tell('has both graduated from incubation and left it')
  for (const day of [graduatedOn, leftOn]) if (day && day < enteredOn) tell(`left incubation on ${day}, before it entered on ${enteredOn}`)
  if (!graduatedOn) return
  if (!criterion) tell('has graduated by no criterion')
  const files = evidence ? [] : await filesOf(tenant.park, 'tenant', tenant._id)
  if (!evidence && !files.some(file => file.metadata.link?.slot === 'graduation')) tell('has graduated without evidence')
}

/** Founding dates may be corrected after the entry, so this is only pointed out. */
function noteEntry(tenant: Tenant, report: Report): void {
  const rule = INCUBATION_RULES.find(one => one.key === tenant.incubation?.rule)
  const problem = rule && entryProblem(rule, tenant.foundedOn, tenant.incubation!.enteredOn)
  if (problem === 'tooOld')
    report(`entered incubation on ${tenant.incubation!.enteredOn}, founded on ${tenant.foundedOn}: too old by its rule`, subjectOf(tenant))
  if (problem === 'founded') report('entered incubation without a founding date', subjectOf(tenant))
}

async function checkPeople(report: Report): Promise<void> {
  for (const row of await Membership.find({ tenant: { $ne: null } }).lean()) {
    const found = row.park && (await Tenant.exists({ park: row.park, _id: row.tenant! }))
    if (!found) report(`names tenant ${row.tenant}, who isn't in its park`, { park: row.park, kind: 'membership', id: row._id })
  }
}

async function noteOwners(tenant: Tenant, report: Report): Promise<void> {
  const { park, _id } = tenant
  const has = (role: 'owner' | 'member') => Membership.exists({ park, tenant: _id, role })
  if ((await has('member')) && !(await has('owner'))) report('has members and no owner', subjectOf(tenant))
}

const ofTenants = (name: string, check: (tenant: Tenant, report: Report) => unknown, level?: 'note'): Check => ({
  name,
  level,
  run: report => eachTenant(tenant => check(tenant, report)),
})

export const checks: Check[] = [
  ofTenants('Credit codes hold, or somebody said why not', checkCode),
  { name: 'A credit code is one tenant’s', run: checkTwins },
  ofTenants('Names are compared by their normal form', checkName),
  ofTenants('Merged tenants are signposts only', checkMerged),
  ofTenants('Contacts, figures and qualifications are in order', checkRows),
  ofTenants('Incubation records are in order', checkIncubation),
  { name: 'Members belong to a tenant of their park', run: checkPeople },
  { name: 'Namesakes', level: 'note', run: noteNamesakes },
  ofTenants('Age on entry into incubation', noteEntry, 'note'),
  ofTenants('Tenants have an owner', noteOwners, 'note'),
]
