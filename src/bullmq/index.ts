export { BullMqEventQueue, bullMqEventQueue, type BullMqEventQueueOptions } from './bullmq-event.queue.js';
