import { routes } from '../web/router.ts'
import { bookingList } from './booking-list.ts'
import { move, movePage, movePrice } from './booking-move.ts'
import { checkPrice, newBooking } from './booking-new.ts'
import { quotePaper, showBooking } from './booking-show.ts'
import { approve, cancel, checkInAtDesk, editPage, end, extend, pay, reject, saveDetails } from './booking-steps.ts'
import { bookOrRepeat } from './series-new.ts'

/** Bookings: the list, the form with its quote, one booking and its steps. What is named by a word stands before `:booking`. */
export const bookingRoutes = routes(({ get, post }) => {
  get('/', 'booking.make', bookingList)
  get('/new', 'booking.make', newBooking)
  post('/new', 'booking.make', checkPrice)
  post('/', 'booking.make', bookOrRepeat, { again: newBooking })
  get('/:booking', 'booking.make', showBooking)
  get('/:booking/quote', 'booking.make', quotePaper)
  get('/:booking/move', 'booking.make', movePage)
  post('/:booking/move', 'booking.make', move, { again: movePage })
  post('/:booking/move/price', 'booking.make', movePrice)
  get('/:booking/edit', 'booking.make', editPage)
  post('/:booking/details', 'booking.make', saveDetails, { again: editPage })
  post('/:booking/cancellation', 'booking.make', cancel, { again: showBooking })
  post('/:booking/approval', 'booking.desk', approve, { again: showBooking })
  post('/:booking/rejection', 'booking.desk', reject, { again: showBooking })
  post('/:booking/end', 'booking.make', end, { again: showBooking })
  post('/:booking/extension', 'booking.make', extend, { again: showBooking })
  post('/:booking/check-in', 'booking.desk', checkInAtDesk, { again: showBooking })
  post('/:booking/payment', 'booking.make', pay, { again: showBooking })
})
