export { type CalendarAbout, deadlineCalendar } from './calendar.ts';
export { type FeedAbout, type FeedEvent, recordFeed } from './record-feed.ts';
