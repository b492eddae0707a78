import { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { transact } from '../db/transact.ts'
import { maskEmail, maskPhone } from '../lib/mask.ts'
import { notFound } from '../lib/rule-error.ts'
import { indexTenant } from './index-tenant.ts'
import { changeTenant, type RowRef, rowOf } from './records.ts'
import type { Contact, Tenant } from './tenant.ts'

/** Whom to call at a tenant. Exactly one of them comes first, as long as there is any. */
export type ContactInput = Pick<Contact, 'name' | 'title' | 'phone' | 'email' | 'primary'>

/** What lists and audit entries show: numbers are hidden, the rest is not. */
export const maskedContact = <C extends Pick<Contact, 'phone' | 'email'>>(contact: C): C => ({
  ...contact,
  phone: contact.phone && maskPhone(contact.phone),
  email: contact.email && maskEmail(contact.email),
})

const shown = (contact: ContactInput) => {
  const { name, title, phone, email, primary } = maskedContact(contact)
  return { contact: name, title, phone, email, primary }
}

function withOneFirst(contacts: Contact[], first: Contact | null): Contact[] {
  const chosen = first ?? contacts.find(contact => contact.primary) ?? contacts[0]
  return contacts.map(contact => ({ ...contact, primary: contact === chosen }))
}

async function refreshed(work: Promise<Tenant>): Promise<void> {
  await indexTenant(await work)
}

/** Adds a contact; the first one becomes the primary one. */
export async function addContact(park: string, tenant: Types.ObjectId, input: ContactInput, by: Actor): Promise<void> {
  await transact(() =>
    refreshed(
      changeTenant(park, tenant, 'tenant.contact.add', by, ({ contacts }) => {
        const fresh: Contact = { ...input, _id: new Types.ObjectId(), version: 0 }
        return { set: { contacts: withOneFirst([...contacts, fresh], input.primary ? fresh : null) }, after: shown(input) }
      }),
    ),
  )
}

/** Changes a contact; error.stale when somebody saved it in between. */
export async function editContact(park: string, tenant: Types.ObjectId, ref: RowRef, input: ContactInput, by: Actor): Promise<void> {
  await transact(() =>
    refreshed(
      changeTenant(park, tenant, 'tenant.contact.edit', by, ({ contacts }) => {
        const old = rowOf(contacts, ref)
        const fresh: Contact = { ...old, ...input, version: ref.version + 1 }
        const rows = contacts.map(one => (one === old ? fresh : one))
        return { set: { contacts: withOneFirst(rows, input.primary ? fresh : null) }, before: shown(old), after: shown(fresh) }
      }),
    ),
  )
}

export async function removeContact(park: string, tenant: Types.ObjectId, _id: Types.ObjectId, by: Actor): Promise<void> {
  await transact(() =>
    refreshed(
      changeTenant(park, tenant, 'tenant.contact.remove', by, ({ contacts }) => {
        const old = contacts.find(one => one._id.equals(_id))
        if (!old) throw notFound()
        return {
          set: {
            contacts: withOneFirst(
              contacts.filter(one => one !== old),
              null,
            ),
          },
          after: {},
          note: old.name,
        }
      }),
    ),
  )
}
