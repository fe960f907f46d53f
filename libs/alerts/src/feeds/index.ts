export { type CalendarAbout, type CalendarDeadline, deadlineCalendar } from './calendar.ts';
export { type FeedAbout, type FeedEvent, recordFeed } from './record-feed.ts';
