/** What a list, a log or an audit entry may show of a number that belongs to a person. */
export const maskPhone = (phone: string): string => (phone.length < 7 ? '***' : `${phone.slice(0, 3)}****${phone.slice(-4)}`)
export const maskId = (id: string): string => (id.length < 8 ? '***' : `${id.slice(0, 3)}${'*'.repeat(id.length - 7)}${id.slice(-4)}`)
export const maskEmail = (email: string): string => email.replace(/^(.).*(@.*)$/, '$1***$2')
