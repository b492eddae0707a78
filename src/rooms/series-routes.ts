import { routes } from '../web/router.ts'
import { newBooking } from './booking-new.ts'
import { editAgain, editSeries, editSeriesPage, previewEdit } from './series-edit.ts'
import { createAgain, createSeries, previewSeries } from './series-new.ts'
import { addToSeries, showSeries } from './series-show.ts'
import { cancelDates, cancelPage } from './series-stop.ts'

/** Bookings that repeat. They stand before what names a booking: “series” is no booking. */
export const seriesRoutes = routes(({ get, post }) => {
  post('/series/preview', 'booking.make', previewSeries, { again: newBooking })
  post('/series', 'booking.make', createSeries, { again: createAgain })
  get('/series/:series', 'booking.make', showSeries)
  post('/series/:series/dates', 'booking.make', addToSeries, { again: showSeries })
  get('/series/:series/edit', 'booking.make', editSeriesPage)
  post('/series/:series/preview', 'booking.make', previewEdit, { again: editSeriesPage })
  post('/series/:series/edit', 'booking.make', editSeries, { again: editAgain })
  get('/series/:series/cancel', 'booking.make', cancelPage)
  post('/series/:series/cancellation', 'booking.make', cancelDates, { again: cancelPage })
})
